/** Pages as tests write them → Markdown: `'''` stands for three backticks. */

export function fenced(page: string): string {
  return page.replaceAll("'''", '```');
}

/** A page as a template literal, with the common indentation cut off. */
export function markdown(strings: TemplateStringsArray, ...values: string[]): string {
  const lines = fenced(String.raw(strings, ...values))
    .replace(/^\n/, '')
    .replace(/\n *$/, '\n')
    .split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(indent)).join('\n');
}
