/** The runner's end of a kernel's process: one request at a time → its answer, or what became of the process. */
import { randomBytes } from 'node:crypto';
import { groupGone, type HostChild, killGroup, spawnHost } from './child.ts';
import { type Death, deathOf, readLastWords } from './death.ts';
import { residentBytes, watchMemory } from './memory.ts';
import { OutputReader } from './output.ts';
import { type Failure, type HostReply, type HostRequest, type LateReport, type MarkEnd, markOf, type Needs, type OwnEvent, type Setup } from './protocol.ts';

export interface Limits {
  /** Bytes that a kernel's process may hold beyond what it holds before its first step. */
  memory: number;
  /** Bytes that a step may print. */
  output: number;
}

/** Is told what the page does on a server of one's own. */
export type OwnListener = (event: OwnEvent) => void;

export interface Answer {
  /** All that was printed since the last answer. */
  output: string;
  /** Milliseconds since the host, ready for it, got the request. */
  duration: number;
  failure: Failure | null;
  /** What has come since the last answer, one a step. */
  late: LateReport[];
  /** Not null: there is no answer, nor will there be any. */
  death: Death | null;
}

type Unnumbered<Request> = Request extends { id: number } ? Omit<Request, 'id'> : never;

interface Pending {
  id: number;
  started: number;
  /** Null: its mark on the output has not come. */
  mark: MarkEnd | null;
  reply: (HostReply & { type: 'done' }) | null;
  resolve: (answer: Answer) => void;
  onOutput: ((text: string) => void) | undefined;
}

/**
 * An ended process's last words are waited for this long, in ms: a child of a step outside its group may hold the pipe open for ever. Where we were held up ourselves so long,
 * they are there and not read: so always once more after that.
 */
const LAST_WORDS = 200;

/** As long as a `MarkEnd`, and the one that says that no reply comes. */
const MARK_END = 1;
const WHOLE: MarkEnd = '.';

/** A process that says nothing for so long, in ms, will not start. */
const START = 30_000;

export class HostProcess {
  readonly #limits: Limits;
  readonly #onOwn: OwnListener | null;
  readonly #token = randomBytes(16).toString('hex');
  readonly #reader: OutputReader;
  readonly #ready: Promise<void>;
  /** Resolves when the process is gone, and what it said is read; or when it could not be started. */
  readonly ended: Promise<void>;
  #setReady: () => void = () => {};
  #setEnded: () => void = () => {};
  readonly #host: HostChild;
  #baseline: number | null = null;
  #lastId = 0;
  #last: Promise<unknown> = Promise.resolve();
  #isReady = false;
  #hasExited = false;
  #output = '';
  #late: LateReport[] = [];
  #control = '';
  #pending: Pending | null = null;
  #cause: Death | null = null;
  #death: Death | null = null;

  /** Starts the process at once. */
  constructor(setup: Omit<Setup, 'token'>, mark: string, limits: Limits, onOwn: OwnListener | null = null) {
    this.#limits = limits;
    this.#onOwn = onOwn;
    this.#ready = new Promise((resolve) => {
      this.#setReady = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#setEnded = resolve;
    });
    this.#reader = new OutputReader(limits.output, {
      onText: (text) => this.#onText(text),
      onMark: (mark) => this.#settle({ mark: mark as MarkEnd }),
      onLimit: () => this.#kill({ cause: 'output' }),
    });
    this.#host = spawnHost({ lessonFile: setup.lessonFile, mark, memory: limits.memory });
    const { child, output, control } = this.#host;
    output.on('data', (chunk: Buffer) => this.#reader.push(chunk));
    control.setEncoding('utf8').on('data', (text: string) => this.#onControl(text));
    // Where the process is there still, a step has closed its end.
    control.on('end', () => setTimeout(() => this.#kill({ cause: 'line' }), LAST_WORDS / 2).unref());
    for (const stream of [output, control]) stream.on('error', () => {});
    child.once('error', (error) => this.#onEnd({ cause: 'start', message: error.message }));
    child.once('exit', (code, signal) => this.#onExit(deathOf(code, signal)));
    const start = setTimeout(() => this.#kill({ cause: 'start', message: `there was no answer within ${START / 1000}s` }), START).unref();
    this.#ready.then(() => clearTimeout(start));
    control.write(`${ascii({ token: this.#token, ...setup } satisfies Setup)}\n`);
  }

  /** What the page turns out to need beyond what was known when the process was started. */
  prepare(needs: Needs): void {
    if (this.#death === null && this.#pending === null) this.#host.control.write(`${ascii({ type: 'prepare', ...needs } satisfies HostRequest)}\n`);
  }

  /** Undefined where it could not be started. */
  get pid(): number | undefined {
    return this.#host.child.pid;
  }

  /** Never rejects. Requests are answered one after the other, each within `timeout` milliseconds, or the process is killed. */
  request(request: Unnumbered<HostRequest>, timeout: number, onOutput?: (text: string) => void): Promise<Answer> {
    const answer = this.#last.then(() => this.#ask(request, timeout, onOutput));
    this.#last = answer;
    return answer;
  }

  async #ask(request: Unnumbered<HostRequest>, timeout: number, onOutput: ((text: string) => void) | undefined): Promise<Answer> {
    await Promise.race([this.#ready, this.ended]);
    const pid = this.pid;
    if (this.#death !== null || pid === undefined) return this.#take(null, 0);
    this.#baseline ??= (await residentBytes(pid)) ?? 0;
    if (request.type === 'run') this.#reader.startStep();
    const timer = setTimeout(() => this.#kill({ cause: 'timeout' }), timeout);
    const unwatch = watchMemory(pid, this.#baseline + this.#limits.memory, () => this.#kill({ cause: 'memory' }));
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = await new Promise<Answer>((resolve) => {
      this.#pending = { id, started: performance.now(), mark: null, reply: null, resolve, onOutput };
      this.#reader.expect(markOf(this.#token, id), MARK_END);
      if (this.#death === null) this.#host.control.write(`${ascii({ ...request, id })}\n`);
      else this.#settle({});
    });
    clearTimeout(timer);
    unwatch();
    return answer;
  }

  /** Kills the process and all that its steps started. Resolves when none of it is left. */
  async end(): Promise<void> {
    this.#kill({ cause: 'ended' });
    await this.ended;
    if (this.pid !== undefined) await groupGone(this.pid);
  }

  #kill(cause: Death): void {
    if (this.#death !== null || this.#hasExited || this.pid === undefined) return;
    this.#cause ??= cause;
    killGroup(this.pid);
  }

  #onText(text: string): void {
    this.#output += text;
    this.#pending?.onOutput?.(text);
  }

  #onControl(text: string): void {
    const lines = (this.#control + text).split('\n');
    this.#control = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith(`${this.#token} `)) this.#onReply(JSON.parse(line.slice(this.#token.length + 1)) as HostReply);
  }

  #onReply(reply: HostReply): void {
    if (reply.type === 'ready') {
      this.#isReady = true;
      this.#setReady();
    } else if (reply.type === 'late') this.#late.push(reply);
    else if (reply.type === 'own') this.#onOwn?.(reply.event);
    else if (reply.type === 'fault') this.#cause ??= { cause: reply.kind === 'output' ? 'closed-output' : reply.kind, error: reply.error };
    else if (reply.id === this.#pending?.id) this.#settle({ reply });
  }

  /** Where the mark does not say it all, both must be there: what was printed goes one way and the answer another. */
  #settle(news: Partial<Pick<Pending, 'mark' | 'reply'>>): void {
    const pending = this.#pending;
    if (pending === null) return;
    Object.assign(pending, news);
    if (this.#death === null && (pending.mark === null || (pending.mark !== WHOLE && pending.reply === null))) return;
    this.#pending = null;
    pending.resolve(this.#take(pending.reply?.failure ?? null, performance.now() - pending.started));
  }

  #take(failure: Failure | null, duration: number): Answer {
    const answer = { output: this.#output, duration, failure, late: this.#late, death: this.#death };
    this.#output = '';
    this.#late = [];
    return answer;
  }

  #onExit(death: Death): void {
    // From here on its id may be another's.
    this.#hasExited = true;
    if (this.pid !== undefined) killGroup(this.pid);
    const grace = setTimeout(() => setImmediate(() => this.#onEnd(death)), LAST_WORDS);
    this.#host.child.once('close', () => {
      clearTimeout(grace);
      this.#onEnd(death);
    });
  }

  #onEnd(death: Death): void {
    if (this.#death !== null) return;
    for (const stream of [this.#host.output, this.#host.control]) stream?.destroy();
    this.#reader.flush();
    const natural = readLastWords(death, this.#output, this.#isReady);
    this.#output = natural.output;
    this.#death = this.#cause ?? natural.death;
    this.#settle({});
    this.#setEnded();
  }
}

/** JSON that no chunk can cut a character of. */
function ascii(message: object): string {
  return JSON.stringify(message).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
