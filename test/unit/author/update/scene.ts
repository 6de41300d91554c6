/** A page and what its steps came to, as a script says → the updated page. */
import { expect } from 'vitest';
import { judgeAgain, updatePage } from '../../../../src/author/update/update-page.ts';
import { diffStates, emptyState } from '../../../../src/document/delta.ts';
import { EMPTY_EXPECTED } from '../../../../src/document/expected.ts';
import { parseLesson } from '../../../../src/lesson/parse.ts';
import type { Entry, Lesson, LessonRecording, Settings, State, Thrown } from '../../../../src/types.ts';

export interface Doing {
  output?: string;
  thrown?: Pick<Thrown, 'name' | 'message'> & { code?: string };
  /** What the server holds after the step; left out: what it held before. */
  holds?: State;
  /** Something moved by itself after the step had ended. */
  moved?: boolean;
  /** For each `console` fence: what its commands print, and how they exit. */
  consoles?: [output: string, exitCode?: number][][];
}

export const put = (text: string, revision = 1): Entry => [{ operation: 'PUT', value: { text }, revision }];
export const del = (revision: number): Entry => [{ operation: 'DEL', value: null, revision }];

export function building(buckets: Record<string, { settings?: Settings; keys?: Record<string, Entry> }>, ...streams: string[]): State {
  const entries = Object.entries(buckets).map(([name, { settings = {}, keys = {} }]) => [name, { settings, keys: new Map(Object.entries(keys)) }] as const);
  return { buckets: new Map(entries), streams: new Set(streams) };
}

export function recordingOf(script: Doing[]): LessonRecording {
  let state = emptyState();
  const steps = script.map(({ output = '', thrown, holds = state, moved = false, consoles = [] }, index) => {
    const delta = diffStates(state, holds);
    state = holds;
    const error = thrown ? { code: null, place: null, ...thrown } : null;
    return {
      index,
      execution: { output, thrown: error, stopped: null, kernelLost: false, late: [], duration: 1 },
      delta,
      moved,
      consoles: consoles.map((commands) => commands.map(([printed, exitCode = 0]) => ({ output: printed, exitCode, stopped: null, duration: 1 }))),
    };
  });
  return { expected: EMPTY_EXPECTED, state: emptyState(), steps };
}

export function parse(text: string): Lesson | null {
  const { lesson, problems } = parseLesson(text, 'page.md', { unjudged: true });
  return problems.length > 0 ? null : lesson;
}

const DURING = { from: Date.parse('2026-11-23T03:00:00Z'), to: Date.parse('2026-11-23T04:00:00Z') };

/** Further scripts are further runs. What comes out passes, and is not changed by another update. */
export function update(text: string, script: Doing[], ...others: Doing[][]): string {
  const lesson = parse(text) ?? expect.fail(`no valid page: ${JSON.stringify(parseLesson(text, 'page.md').problems)}`);
  const judged = new Set(script.keys());
  const recordings = [script, ...others].map(recordingOf);
  const given = { judged, late: new Set<number>(), recordings, during: DURING, parse };
  const updated = updatePage({ ...given, text, lesson });
  expect(updated.left).toEqual([]);
  for (const recording of recordings) expect(judgeAgain(updated.lesson, recording, judged)).toEqual([]);
  expect(updatePage({ ...given, ...updated }).text).toBe(updated.text);
  return updated.text;
}

/** A page of one step, with what stands below it. */
export function page(rest = ''): string {
  return `# A page\n\n\`\`\`ts\nwork();\n\`\`\`\n${rest === '' ? '' : `\n${rest}`}\nProse.\n`;
}

export const fence = (info: string, ...lines: string[]) => `\`\`\`${info}\n${lines.map((line) => `${line}\n`).join('')}\`\`\`\n`;
