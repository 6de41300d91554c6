import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { readLines } from '../../../src/server/lines.ts';
import { LogTail } from '../../../src/server/log.ts';

const tail = (lines: string[], size = 100) => {
  const log = new LogTail(size);
  for (const line of lines) log.add(line);
  return log;
};
const stamp = '[4711] 2026/11/23 08:02:20.132843 ';

test.each<[log: string[], last: string[], alarms: string[]]>([
  [[], [], []],
  [[`${stamp}[INF] a`, `${stamp}[INF] b`, '', `${stamp}[INF] c`, `${stamp}[INF] d`], ['[INF] b', '[INF] c', '[INF] d'], []],
  [[`${stamp}[FTL] Can't start JetStream`, `${stamp}[INF] bye`], ["[FTL] Can't start JetStream"], ["[FTL] Can't start JetStream"]],
  [
    ['flag provided but not defined: -js', 'Usage: nats-server [options]', '  -a', '  -b'],
    ['flag provided but not defined: -js'],
    ['flag provided but not defined: -js'],
  ],
  [['nats-server: server name cannot contain spaces'], ['nats-server: server name cannot contain spaces'], ['nats-server: server name cannot contain spaces']],
  [['panic: runtime error', 'goroutine 1 [running]:'], ['panic: runtime error'], ['panic: runtime error']],
])('of the log %j the lines that matter are told', (lines, last, alarms) => {
  const log = tail(lines);
  expect(log.last).toEqual(last);
  expect(log.alarms).toEqual(alarms);
});

test('only the last lines of a long log are kept, and only the last errors told', () => {
  const lines = Array.from({ length: 10_000 }, (_, index) => `[ERR] ${index}`);
  expect(tail(lines, 10).alarms).toEqual(['[ERR] 9995', '[ERR] 9996', '[ERR] 9997', '[ERR] 9998', '[ERR] 9999']);
  expect(tail(['[ERR] old', ...Array.from({ length: 10 }, () => '[INF] new')], 10).alarms).toEqual([]);
});

test.each<[chunks: string[], lines: string[]]>([
  [['a\nb\n'], ['a', 'b']],
  [
    ['Listening on 127.0.', '0.1:42', '22\nServer'],
    ['Listening on 127.0.0.1:4222', 'Server'],
  ],
  [
    ['\n\n', 'x'],
    ['', '', 'x'],
  ],
  [['é'.repeat(3), '\r\n'], ['ééé']],
  [
    ['y'.repeat(5_000), 'y'.repeat(5_000), '\nnext\n'],
    ['y'.repeat(4_096), 'next'],
  ],
])('a stream is read line by line, however it is cut', async (chunks, lines) => {
  const stream = new PassThrough();
  const read: string[] = [];
  readLines(stream, (line) => read.push(line));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await new Promise((resolve) => stream.once('close', resolve));
  expect(read).toEqual(lines);
});
