/** The bytes that a kernel's process prints → text, split where the host marked the end of a request and cut at the limit. */
import { StringDecoder } from 'node:string_decoder';

export interface OutputEvents {
  onText: (text: string) => void;
  /** The mark that was expected is there, with what belongs to it. */
  onMark: (more: string) => void;
  /** More was printed than the limit; nothing more is read. */
  onLimit: () => void;
}

const NOTHING = Buffer.alloc(0);

export class OutputReader {
  readonly #events: OutputEvents;
  readonly #limit: number;
  #decoder = new StringDecoder('utf8');
  #mark: Buffer | null = null;
  /** How many bytes behind the mark belong to it. */
  #more = 0;
  /** The end of what was read, where it may be the beginning of the mark. */
  #held: Buffer = NOTHING;
  #bytes = 0;

  /** `limit` in bytes, for what is printed between two calls of `startStep`. */
  constructor(limit: number, events: OutputEvents) {
    this.#limit = limit;
    this.#events = events;
  }

  startStep(): void {
    this.#bytes = 0;
  }

  /** `more`: how many bytes behind the mark belong to it. */
  expect(mark: string, more = 0): void {
    this.#mark = Buffer.from(mark);
    this.#more = more;
  }

  push(chunk: Buffer): void {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const at = this.#mark === null ? -1 : bytes.indexOf(this.#mark);
    if (this.#mark === null || at === -1) {
      const keep = this.#mark === null ? 0 : partialLength(bytes, this.#mark);
      this.#held = bytes.subarray(bytes.length - keep);
      this.#emit(bytes.subarray(0, bytes.length - keep));
      return;
    }
    const end = at + this.#mark.length + this.#more;
    this.#emit(bytes.subarray(0, at));
    this.#held = bytes.length < end ? bytes.subarray(at) : NOTHING;
    if (bytes.length < end) return;
    const more = bytes.toString('latin1', end - this.#more, end);
    const rest = bytes.subarray(end);
    this.#mark = null;
    this.flush();
    this.#events.onMark(more);
    if (rest.length > 0) this.push(rest);
  }

  /** Gives out what was held back: half a character, or what looked like a mark. */
  flush(): void {
    const held = this.#held;
    this.#held = NOTHING;
    this.#emit(held);
    const text = this.#decoder.end();
    this.#decoder = new StringDecoder('utf8');
    if (text !== '') this.#events.onText(text);
  }

  #emit(bytes: Buffer): void {
    const left = this.#limit - this.#bytes;
    if (bytes.length === 0 || left < 0) return;
    this.#bytes += bytes.length;
    const text = this.#decoder.write(bytes.subarray(0, left));
    if (text !== '') this.#events.onText(text);
    if (bytes.length <= left) return;
    this.#decoder = new StringDecoder('utf8');
    this.#events.onLimit();
  }
}

/** How many of the last bytes may be the beginning of the mark. */
function partialLength(bytes: Buffer, mark: Buffer): number {
  for (let length = Math.min(bytes.length, mark.length - 1); length > 0; length -= 1) {
    if (bytes.subarray(bytes.length - length).equals(mark.subarray(0, length))) return length;
  }
  return 0;
}
