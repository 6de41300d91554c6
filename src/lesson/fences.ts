/** A fence of the page → a fence of ours: its kind, and its words with their values; null for prose. */
import { pageProblem } from '../errors.ts';
import type { Fence, Problem } from '../types.ts';
import { readInfo } from './info.ts';
import { codeLanguage, type FenceKind, fenceKind, misspelt } from './vocabulary.ts';
import { readWords, type Words } from './words.ts';

export interface OurFence {
  kind: FenceKind;
  /** Of a fence of code. */
  language: 'ts' | 'js' | null;
  fence: Fence;
  words: Words;
}

/** `raw` is the fence's info string as written. With `marked`, code and commands are ours only where they are marked. */
export function readFence(fence: Fence, raw: string, marked: boolean, file: string): { ours: OurFence | null; problems: Problem[] } {
  const info = readInfo(raw);
  const kind = fenceKind(info, marked);
  const infoColumn = fence.column + fence.info.start - fence.span.start;
  const placeOf = (offset: number) => ({ line: fence.line, column: infoColumn + offset });
  if (kind === null) {
    const mistake = misspelt(info);
    if (mistake === null) return { ours: null, problems: [] };
    const { word, meant } = mistake;
    const advice = `Did you mean \`${meant}\`? If this fence is no expectation, give it another first word.`;
    return {
      ours: null,
      problems: [pageProblem('fence', file, placeOf(word.offset), `unknown word \`${word.name}\` in a \`${info.language}\` fence`, advice)],
    };
  }
  const { words, problems } = readWords(kind, info, file, placeOf);
  return { ours: { kind, language: codeLanguage(info), fence, words }, problems };
}
