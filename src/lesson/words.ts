/** The words and attributes of a fence of ours → their values, each checked against what that fence may have. */
import { parseTimeLimit } from '../document/duration.ts';
import { nearMiss } from '../document/near-miss.ts';
import { pageProblem } from '../errors.ts';
import type { Fault, Place, Problem } from '../types.ts';
import type { Info, InfoItem } from './info.ts';
import { codeLanguage, EXAMPLES, FENCE_KINDS, type FenceKind, firstWord, VOCABULARY } from './vocabulary.ts';

/** What an info string says. A value that was wrong is reported and left out. */
export interface Words {
  /** Each word and name that was given and is allowed → its place. */
  given: Map<string, Place>;
  title: string | null;
  /** Milliseconds. */
  timeout: number | null;
  /** Milliseconds. */
  within: number | null;
  fault: Fault | null;
  answers: string[] | null;
}

const CONTRADICTIONS: readonly [string, string][] = [
  ['exercise', 'solution'],
  ['no-run', 'exercise'],
  ['no-run', 'solution'],
  ['no-run', 'fault'],
];

const FAULTS: readonly Fault[] = ['restart-server', 'kill-server'];

/** Reads the words of a fence of `kind`. `placeOf` turns an offset in the info string into a place in the page. */
export function readWords(kind: FenceKind, info: Info, file: string, placeOf: (offset: number) => Place): { words: Words; problems: Problem[] } {
  const words: Words = { given: new Map(), title: null, timeout: null, within: null, fault: null, answers: null };
  const problems: Problem[] = [];
  const report = (place: Place, message: string, advice: string) => problems.push(pageProblem('fence', file, place, message, advice));
  const { words: knownWords, names: knownNames } = VOCABULARY[kind];
  const fence = kind === 'code' ? `\`${codeLanguage(info)}\`` : `\`${kind}\``;
  const first = kind === 'code' || kind === 'console' ? null : firstWord(info);

  for (const item of info.items) {
    if (item === first) continue;
    const place = placeOf(item.offset);
    const mistake = misuse(item, knownWords, knownNames);
    if (mistake !== null) report(place, `${mistake.message} in ${article(fence)} fence`, mistake.advice ?? allowed(fence, knownWords, knownNames));
    else if (words.given.has(item.name)) report(place, `\`${item.name}\` is given twice`, 'Leave one of them out.');
    else {
      words.given.set(item.name, place);
      const expected = item.value === null ? null : readValue(item.name, item.value, words);
      if (expected !== null) report(place, `\`${item.name}\` cannot be ${item.value === '' ? 'empty' : `\`${item.value}\``}`, expected);
    }
  }
  for (const [one, other] of CONTRADICTIONS) {
    const [first, second] = [words.given.get(one), words.given.get(other)];
    if (first === undefined || second === undefined) continue;
    report(first.column > second.column ? first : second, `\`${one}\` and \`${other}\` contradict each other`, 'Leave one of them out.');
  }
  return { words, problems };
}

/** What is wrong with a word or name itself. Without advice, what is allowed is the advice. */
function misuse(item: InfoItem, words: readonly string[], names: readonly string[]): { message: string; advice: string | null } | null {
  const { name, value } = item;
  const form = EXAMPLES.get(name);
  if (item.unclosed) return { message: `the value of \`${name}\` has no closing quotation mark`, advice: 'Close it on the same line.' };
  if (value === null ? words.includes(name) : names.includes(name)) return null;
  if (value !== null && words.includes(name)) return { message: `\`${name}\` with a value`, advice: `Write \`${name}\` alone.` };
  if (value === null && names.includes(name)) return { message: `\`${name}\` without a value`, advice: `Write \`${form}\`.` };
  const homes = FENCE_KINDS.filter((kind) => VOCABULARY[kind][value === null ? 'words' : 'names'].includes(name));
  if (homes.length > 0) return { message: `\`${value === null ? name : `${name}=`}\``, advice: `It belongs to ${homes.map(fenceName).join(' and ')} fences.` };
  const meant = nearMiss(name, value === null ? [...words, ...names] : [...names, ...words]);
  return {
    message: value === null ? `unknown word \`${name}\`` : `unknown name \`${name}=\``,
    advice: meant === null ? null : `Did you mean \`${names.includes(meant) ? (EXAMPLES.get(meant) ?? meant) : meant}\`?`,
  };
}

function fenceName(kind: FenceKind): string {
  return kind === 'code' ? '`ts` and `js`' : `\`${kind}\``;
}

/** Puts the value into `words`, or says what was expected. */
function readValue(name: string, value: string, words: Words): string | null {
  if (name === 'answers') words.answers = value.split(',');
  else if (name === 'title') {
    words.title = value.replace(/\s+/g, ' ').trim();
    return words.title === '' ? 'Write a title, or leave it out.' : null;
  } else if (name === 'fault') {
    words.fault = FAULTS.find((fault) => fault === value) ?? null;
    const meant = nearMiss(value, FAULTS);
    return words.fault !== null ? null : meant !== null ? `Did you mean \`${meant}\`?` : 'Write `restart-server` or `kill-server`.';
  } else if (name === 'timeout' || name === 'within') {
    words[name] = parseTimeLimit(value);
    return words[name] === null ? 'Write a duration above zero with a unit, such as 500ms or 1h30m.' : null;
  }
  return null;
}

function allowed(fence: string, words: readonly string[], names: readonly string[]): string {
  const forms = [...words, ...names.map((name) => EXAMPLES.get(name) ?? name)];
  return forms.length === 0
    ? `Nothing more may follow ${fence} here.`
    : `Allowed in ${article(fence)} fence: ${forms.map((form) => `\`${form}\``).join(', ')}.`;
}

/** "a `ts`", but "an `output`". */
function article(fence: string): string {
  return `${/^`[aeio]/.test(fence) ? 'an' : 'a'} ${fence}`;
}
