/** A server's log that goes on for ever → its last lines, and those of them that say what went wrong. */

const MOST_TOLD = 5;

export class LogTail {
  #lines: string[] = [];
  #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** Takes a line, without the server's process id and time. */
  add(line: string): void {
    const text = line.replace(/^\[\d+\] \d{4}\/\d\d\/\d\d [\d:.]+ /, '');
    if (text === '') return;
    this.#lines.push(text);
    if (this.#lines.length > this.#size * 2) this.#lines = this.#lines.slice(-this.#size);
  }

  /** The last lines, three or those that are errors. */
  get last(): string[] {
    const alarms = this.alarms;
    return alarms.length > 0 ? alarms : this.#lines.slice(-3);
  }

  /** The last lines that are errors: of the log, of the command line, of the Go runtime. That another server of a cluster is not there yet is none. */
  get alarms(): string[] {
    const alarm = /^(?:\[(?:FTL|ERR)\](?! Error trying to connect to route)|nats-server: |panic: |fatal error: |flag provided but not defined)/;
    return this.#lines
      .slice(-this.#size)
      .filter((line) => alarm.test(line))
      .slice(-MOST_TOLD);
  }
}
