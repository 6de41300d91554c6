/** The front matter of a page → the lesson's settings, each validated, with the place of its key. */
import { isMap, isScalar, type Node, type ParsedNode, parseDocument } from 'yaml';
import { nearMiss } from '../document/near-miss.ts';
import { pageProblem } from '../errors.ts';
import type { LessonSettings, Place, Problem, Span } from '../types.ts';
import type { Page } from './page.ts';
import { isSettingName, readSetting, SETTING_NAMES, type SettingValues } from './settings.ts';

export interface FrontMatter {
  /** From its first `---` to the end of the line that closes it; null where the page has none. */
  span: Span | null;
  /** How many lines it takes. */
  lines: number;
  /** What the page gives; what it does not give is not there. */
  values: Partial<SettingValues>;
  places: Map<keyof LessonSettings, Place>;
  problems: Problem[];
}

/** Reads the front matter: a `---` line, the first of the page, to the next line `---` or `...`. Without the latter it is a thematic break. */
export function readFrontMatter(page: Page, file: string): FrontMatter {
  const result: FrontMatter = { span: null, lines: 0, values: {}, places: new Map(), problems: [] };
  const last = /^---[ \t]*$/.test(page.line(0)) ? page.lines.findIndex((_, index) => index > 0 && /^(---|\.\.\.)[ \t]*$/.test(page.line(index))) : -1;
  const [first, second, closing] = [page.lines[0], page.lines[1], page.lines[last]];
  if (first === undefined || second === undefined || closing === undefined) return result;

  result.span = { start: first.end - page.line(0).length, end: closing.end };
  result.lines = last + 1;
  const at = (offset: number) => page.placeAt(second.start + Math.min(offset, closing.start - second.start));
  const report = (offset: number, message: string, advice: string | null) =>
    result.problems.push(pageProblem('front-matter', file, at(offset), message, advice));

  // A lone CR is a line ending for CommonMark but not for YAML; as LF it takes no more room.
  const text = page.text.slice(second.start, closing.start).replace(/\r(?!\n)/g, '\n');
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' });
  const doubled = document.errors.filter((error) => error.code === 'DUPLICATE_KEY');
  for (const error of doubled) report(error.pos[0], `the key ${keyAt(text, error.pos[0])} is given twice`, 'Leave one of them out.');
  // One mistake makes many errors; the first is where the parser stopped to understand.
  const broken = document.errors.find((error) => error.code !== 'DUPLICATE_KEY');
  if (broken !== undefined) report(broken.pos[0], `the front matter is not valid YAML: ${sentence(broken.message)}`, null);
  const contents: ParsedNode | null = document.contents;
  // Of a broken one the keys that can be read still hold (`steps: marked` spares a page a hundred problems), but are not judged.
  const judge: typeof report = (...mistake) => (broken === undefined ? report(...mistake) : 0);
  if (contents === null) return result;
  if (!isMap(contents)) {
    judge(contents.range[0], 'the front matter is not a map of keys', 'Write `key: value` lines, or begin a thematic break with `***`.');
    return result;
  }

  const seen = new Set<string>();
  for (const { key, value } of contents.items) {
    const name = isScalar(key) ? scalarText(key) : '';
    const offset = (isScalar(key) ? key.range?.[0] : undefined) ?? 0;
    if (seen.has(name)) continue;
    seen.add(name);
    if (isSettingName(name)) {
      if (name !== 'title') result.places.set(name, at(offset));
      const mistake = readSetting(name, scalarOf(value), result.values);
      const written = isScalar(value) && value.source === '' ? null : value;
      if (mistake !== null) judge(written?.range?.[0] ?? offset, mistake.message, mistake.advice);
      continue;
    }
    const meant = nearMiss(name, SETTING_NAMES);
    if (meant !== null) judge(offset, `unknown front matter key \`${name}\``, `Did you mean \`${meant}\`?`);
  }
  return result;
}

/** A scalar as the page writes it, so that `2.10` is not the number 2.1; null for a map, a list or an alias. */
function scalarOf(node: Node | null): { text: string; value: unknown } | null {
  return isScalar(node) ? { text: scalarText(node), value: node.value } : null;
}

function scalarText(node: { value: unknown; source?: string }): string {
  return typeof node.value === 'string' ? node.value : (node.source ?? '');
}

function keyAt(text: string, offset: number): string {
  return `\`${/^[^\s:,]+/.exec(text.slice(offset))?.[0] ?? ''}\``;
}

function sentence(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
