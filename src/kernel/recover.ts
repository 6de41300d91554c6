/** Code that does not parse → the names that it was going to declare, as well as can be told. */
import type { DeclaredName } from './names.ts';

const HEAD =
  /^(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:(import)\b|(?:const|let|var|(?:await\s+)?using)\s+(?!enum\b)|(?:async\s+)?function\b\s*\*?|(?:abstract\s+)?class\s|(?:const\s+)?enum\s|interface\s|type\s|namespace\s)/;
const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu;

/**
 * Each piece that begins in the first column is read by itself with `read`, which answers null where it is no valid code either; of such a piece the names
 * of its first declaration count. Every guessed name may be a value and a type.
 */
export function recoverNames(code: string, read: (chunk: string) => DeclaredName[] | null): DeclaredName[] {
  const names = new Map<string, DeclaredName>();
  for (const { text, start } of chunks(code)) {
    const declared = read(text) ?? headNames(text).map(({ name, offset }) => ({ name, offset, value: true, type: true, held: false, constant: false }));
    for (const one of declared) names.set(one.name, { ...one, offset: start + one.offset });
  }
  return [...names.values()];
}

/** A piece goes from one line that begins in the first column, not with a closing bracket, to the next. */
function chunks(code: string): { text: string; start: number }[] {
  const starts = [...code.matchAll(/^[^\s)}\]]/gm)].map(({ index }) => index);
  return starts.map((start, index) => ({ text: code.slice(start, starts[index + 1] ?? code.length), start }));
}

function headNames(text: string): { name: string; offset: number }[] {
  const head = HEAD.exec(text);
  if (head === null) return [];
  const from = head[0].length;
  const isImport = head[1] !== undefined;
  const end = isImport ? /\bfrom\b|['";]|$/ : /^\s*[{[]/.test(text.slice(from)) ? /[}\]]|=(?![^{[]*[,}\]])|$/ : /[=:;(<{\n]|\b(?:extends|implements|of|in)\b|$/;
  const names: { name: string; offset: number }[] = [];
  const part = text.slice(from, from + (end.exec(text.slice(from))?.index ?? 0));
  for (const word of part.matchAll(WORD)) {
    const rest = part.slice(word.index + word[0].length);
    const isKeyword = word[0] === 'as' || word[0] === 'type';
    const isRenamed = isImport ? /^\s+as\s/.test(rest) : /^\s*:/.test(rest);
    const isDefault = /=\s*$/.test(part.slice(0, word.index));
    if (!isKeyword && !isRenamed && !isDefault) names.push({ name: word[0], offset: from + word.index });
  }
  return names;
}
