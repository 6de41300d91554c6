/** Headings and rows → a Markdown table. */

/** The first column is text, the others are numbers. */
export function markdownTable(headings: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const rule = headings.map((_, index) => (index === 0 ? '---' : '--:'));
  return `${[headings, rule, ...rows].map(line).join('\n')}\n`;
}
