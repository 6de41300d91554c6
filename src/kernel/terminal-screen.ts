/** What a program writes to its terminal → what stands on the screen, by xterm without a window. */
import xterm from '@xterm/headless';

export const COLUMNS = 100;
export const ROWS = 50;

export class TerminalScreen {
  readonly #terminal: InstanceType<typeof xterm.Terminal>;
  #isCursorHidden = false;

  /** `scrollback` in rows: what has scrolled off is still part of the text. `onReply` gets what the terminal answers, such as where its cursor is. */
  constructor(scrollback: number, onReply: (text: string) => void) {
    this.#terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, scrollback, allowProposedApi: true, logLevel: 'off' });
    this.#terminal.onData(onReply);
    for (const [final, isHidden] of [
      ['l', true],
      ['h', false],
    ] as const) {
      this.#terminal.parser.registerCsiHandler({ prefix: '?', final }, (parameters) => {
        if (parameters.includes(25)) this.#isCursorHidden = isHidden;
        return false;
      });
    }
  }

  write(bytes: Uint8Array): void {
    this.#terminal.write(bytes);
  }

  /** Resolves when all that was written stands on the screen, and the terminal has answered what it was asked. */
  settled(): Promise<void> {
    return new Promise((resolve) => this.#terminal.write('', resolve));
  }

  /** Lines joined by "\n", without blanks at their ends and blank lines at the end; a line that was too wide for the screen is one line. */
  text(): string {
    return this.#lines().join('\n').trimEnd();
  }

  /**
   * The line at which the program seems to wait: the one that the cursor stands behind or, where the cursor is hidden as in a menu, the last one that begins
   * with `? `. Null where the cursor stands at the beginning of a line.
   */
  prompt(): string | null {
    const { active } = this.#terminal.buffer;
    if (this.#isCursorHidden) return this.#lines().findLast((line) => line.startsWith('? ')) ?? null;
    const line =
      active
        .getLine(active.baseY + active.cursorY)
        ?.translateToString(true)
        .trim() ?? '';
    return active.cursorX === 0 || line === '' ? null : line;
  }

  #lines(): string[] {
    const { active } = this.#terminal.buffer;
    const lines: string[] = [];
    for (let row = 0; row < active.length; row += 1) {
      const line = active.getLine(row);
      const text = line?.translateToString(true) ?? '';
      if (line?.isWrapped) lines.push((lines.pop() ?? '') + text);
      else lines.push(text);
    }
    return lines.map((line) => line.trimEnd());
  }
}
