/** Runs on several versions → the table and the document. */
import { expect, test } from 'vitest';
import { createColors } from '../../../src/report/colors.ts';
import { type MatrixColumn, matrixDocument, matrixTable, matrixTerminalReporter, notesOf } from '../../../src/report/matrix.ts';
import type { LessonReport } from '../../../src/types.ts';
import { errored, FILE, failed, lesson, noServer, PAGE, pipe, skipped, step, summary } from './scene.ts';

const other = (some: Partial<LessonReport> = {}) => lesson([step()], { file: 'lessons/18-markers.md', ...some });
const column = (version: string, lessons: LessonReport[], some: Partial<MatrixColumn> & { notes?: string[] } = {}): MatrixColumn => ({
  asked: version.replace(/\.\d+$/, ''),
  version,
  summary: summary({
    lessons,
    server: { version, source: 'local' },
    notes: some.notes ?? [],
    exitCode: lessons.every(({ status }) => status !== 'failed') ? 0 : 1,
  }),
  ranges: some.ranges ?? new Map(),
});

const columns = [
  column('2.10.27', [lesson([failed]), other({ status: 'skipped', reason: 'needs nats-server >=2.11, and this is 2.10.27' })], {
    ranges: new Map([['lessons/18-markers.md', '>=2.11']]),
    notes: ['3 console fences did not run.'],
  }),
  column('2.11.17', [lesson([step(), errored]), other({ status: 'skipped', reason: 'starts where lessons/03-rooms.md ends', afterFailed: true })], {
    notes: ['3 console fences did not run.', 'Kept.'],
  }),
  column('2.15.2', [lesson([step()]), other({ status: 'skipped', reason: 'needs 3 servers, and here is one' })], { notes: ['3 console fences did not run.'] }),
];

test('a row a lesson, a column a version; a lesson that failed says where first', () => {
  expect(matrixTable(columns, createColors(false)).join('\n')).toBe(`                       2.10.27   2.11.17  2.15.2
lessons/03-rooms.md    ✗ 8       ✗ 21     ✓
lessons/18-markers.md  - >=2.11  ✗ a      - b

✓ passed   - skipped, with the versions it needs   ✗ failed, with the line
a  starts where lessons/03-rooms.md ends
b  needs 3 servers, and here is one`);
});

test('a note that holds on every version is said once, any other with its version', () => {
  const all = { version: '0.1.0', exitCode: 1, duration: 1, columns, problems: [], notes: [] };
  expect(notesOf(all)).toEqual(['3 console fences did not run.', 'On 2.11.17: Kept.']);
});

test('the document holds that of a run for each version, and the problems that are of none', () => {
  const document = matrixDocument({ version: '0.1.0', exitCode: 3, duration: 12.6, columns: columns.slice(1), problems: [noServer], notes: [] });
  expect(document).toMatchObject({ lockerroom: '0.1.0', ok: false, durationMs: 13, problems: [{ code: 'server' }] });
  expect(document.matrix.map(({ asked, version, totals, lessons }) => [asked, version, totals.errored, lessons.length])).toEqual([
    ['2.11', '2.11.17', 1, 2],
    ['2.15', '2.15.2', 0, 2],
  ]);
});

test('quietly, only what is wrong is said, under its version', () => {
  const sink = pipe();
  const reporter = matrixTerminalReporter({ sink, quiet: true, pageOf: (file) => (file === FILE ? PAGE : '') });
  reporter.begin('2.15.2', 2);
  reporter.event({ type: 'lesson-finished', file: FILE, report: lesson([step()]) });
  reporter.end({ version: '0.1.0', exitCode: 0, duration: 1, columns: [column('2.15.2', [lesson([step()])])], problems: [], notes: [] });
  expect(sink.text()).toBe('');
  reporter.begin('2.10.27', 2);
  reporter.event({ type: 'lesson-finished', file: FILE, report: lesson([failed, skipped]) });
  expect(sink.text()).toMatch(/^\nnats-server 2\.10\.27\n✗ lessons\/03-rooms\.md/);
});
