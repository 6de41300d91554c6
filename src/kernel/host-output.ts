/** Text → the process's output and control channel, written at once and whole, so that nothing that is printed is ever overtaken or lost. */
import fs from 'node:fs';
import { Writable } from 'node:stream';

/** Captured, so that a step that patches `fs` does no harm. */
const { writeSync } = fs;
const { wait } = Atomics;
const { isExtensible, deleteProperty, defineProperty } = Reflect;
const bell = new Int32Array(new SharedArrayBuffer(4));

/** Throws where the descriptor is closed. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      // A child of the step may have made the common pipe non-blocking.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      wait(bell, 0, 0, 1);
    }
  }
}

/** Like the stream that Node has for a file: synchronous, and it cannot be closed. */
function outputStream(fd: 1 | 2): Writable {
  const stream = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      try {
        writeAll(fd, chunk);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    destroy(_error, done) {
      done(null);
    },
  });
  return Object.assign(stream, { fd, _isStdio: true });
}

let streams = { stdout: outputStream(1), stderr: outputStream(2) };
install();

function install(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const value = streams[name];
    defineProperty(process, name, { value, configurable: true, enumerable: true, writable: true });
    defineProperty(console, `_${name}`, { value, configurable: true, writable: true });
  }
}

/** Takes off what a step put over the streams' methods; a stream that was ended or frozen is replaced. */
export function restoreStreams(): void {
  const isWhole = (stream: Writable) =>
    isExtensible(stream) && !stream.destroyed && !stream.writableEnded && METHODS.every((method) => deleteProperty(stream, method));
  if (!isWhole(streams.stdout) || !isWhole(streams.stderr)) streams = { stdout: outputStream(1), stderr: outputStream(2) };
  if (process.stdout !== streams.stdout || process.stderr !== streams.stderr) install();
}

const METHODS = ['write', 'end', 'cork', 'emit', 'on', 'once', 'destroy', 'isTTY'];
