/** What kinds of fences the format has, how an info string says which, and the words and names each may have. */
import { nearMiss } from '../document/near-miss.ts';
import type { Info, InfoItem } from './info.ts';

export const EXPECTATIONS = ['output', 'error', 'state', 'change'] as const;

export type ExpectationKind = (typeof EXPECTATIONS)[number];
export const FENCE_KINDS = ['code', 'console', ...EXPECTATIONS] as const;
export type FenceKind = (typeof FENCE_KINDS)[number];

const CODE_LANGUAGES: ReadonlyMap<string, 'ts' | 'js'> = new Map([
  ['ts', 'ts'],
  ['typescript', 'ts'],
  ['js', 'js'],
  ['javascript', 'js'],
]);

interface Vocabulary {
  words: readonly string[];
  names: readonly string[];
}

export const VOCABULARY: Record<FenceKind, Vocabulary> = {
  code: { words: ['step', 'no-run', 'node', 'exercise', 'solution'], names: ['title', 'timeout', 'fault'] },
  console: { words: ['step', 'look', 'no-run'], names: ['answers', 'title', 'timeout'] },
  output: { words: [], names: [] },
  error: { words: [], names: [] },
  state: { words: [], names: ['within'] },
  change: { words: [], names: ['within'] },
};

/** A value in the form a page writes it in, for each name. */
export const EXAMPLES: ReadonlyMap<string, string> = new Map([
  ['title', 'title="…"'],
  ['timeout', 'timeout=30s'],
  ['fault', 'fault="restart-server"'],
  ['within', 'within=5s'],
  ['answers', 'answers="Bucket1,y"'],
]);

export function codeLanguage(info: Info): 'ts' | 'js' | null {
  return CODE_LANGUAGES.get(info.language) ?? null;
}

/** The kind of a fence; null for prose. Where steps are `marked`, code and console fences without the mark are prose. */
export function fenceKind(info: Info, marked: boolean): FenceKind | null {
  const kind = codeLanguage(info) !== null ? 'code' : info.language === 'console' ? 'console' : null;
  if (kind === null) return EXPECTATIONS.find((word) => word === firstWord(info)?.name) ?? null;
  const isMarked = info.items.some(({ name, value }) => value === null && (name === 'step' || name === 'exercise' || name === 'solution'));
  return marked && !isMarked ? null : kind;
}

/** Whether a fence of code or commands is only shown. */
export function isNoRun(info: Info): boolean {
  return info.items.some(({ name, value }) => value === null && name === 'no-run');
}

/** The first word of a `text` or `yaml` fence where it is no expectation's but was probably meant to be. */
export function misspelt(info: Info): { word: InfoItem; meant: string } | null {
  const word = firstWord(info);
  if (word === undefined || (info.language !== 'text' && info.language !== 'yaml')) return null;
  const meant = nearMiss(word.name, EXPECTATIONS);
  return meant === null ? null : { word, meant };
}

export function firstWord(info: Info): InfoItem | undefined {
  return info.items.find(({ value }) => value === null);
}
