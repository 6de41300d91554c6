/** Events as they come → the reports of an interrupted run: what was judged until then is not lost. */
import { statusOf } from '../run.ts';
import type { LessonReport, RunEvent } from '../types.ts';

export class SeenLessons {
  readonly #reports = new Map<string, LessonReport>();

  event(event: RunEvent): void {
    if (event.type === 'lesson-started') {
      const { file, title } = event;
      this.#reports.set(file, { file, title, status: 'skipped', reason: 'was interrupted', afterFailed: false, duration: 0, steps: [] });
    } else if (event.type === 'lesson-finished') this.#reports.set(event.file, event.report);
    else if (event.type === 'step-finished') {
      const steps = this.#reports.get(event.file)?.steps ?? [];
      const at = steps.findIndex(({ line }) => line === event.step.line);
      // A step is finished again where something that it left running failed.
      if (at === -1) steps.push(event.step);
      else steps[at] = event.step;
    }
  }

  reports(): LessonReport[] {
    return [...this.#reports.values()].map((report) => ({ ...report, status: statusOf(report.steps) }));
  }
}
