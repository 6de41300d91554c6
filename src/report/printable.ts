/** Text of a step, a server or a page → text that a terminal shows and does not obey. */
import stripAnsi from 'strip-ansi';

/** Without escape sequences; other control characters but tab and line feed become visible signs (U+2400 and on). */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
  return stripAnsi(text.replaceAll('\r\n', '\n')).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (control) => {
    const code = control.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\u2421';
  });
}
