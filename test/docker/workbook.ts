/** A server → the workbook run on it, of which nothing may fail, and only what needs a server of another kind be skipped. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { lockerroomJson } from '../cli/command.ts';
import { hasPart } from '../real-parts.ts';

const LESSONS = join(import.meta.dirname, '../../lessons');

/** `twin`: the console commands run as well, on the private servers that they have whatever the server is. */
export async function expectWorkbook(server: string, { letIn = [], twin = true }: { letIn?: string[]; twin?: boolean } = {}): Promise<void> {
  const { code, report } = await lockerroomJson([LESSONS, '--server', server, ...letIn, '--twin', twin && (await hasPart('cli')) ? 'require' : 'off']);
  const wrong = report.lessons.filter(({ status }) => status !== 'skipped' && status !== 'passed');
  expect(wrong.map(({ file, steps }) => ({ file, steps: steps.filter(({ status }) => status !== 'passed') }))).toEqual([]);
  const skipped = report.lessons.filter(({ status }) => status === 'skipped').map(({ reason }) => reason);
  expect(skipped.filter((reason) => !/^needs (?:a private|3) /.test(reason ?? ''))).toEqual([]);
  expect(code).toBe(0);
  expect(report.totals.lessons - skipped.length).toBeGreaterThanOrEqual(20);
}
