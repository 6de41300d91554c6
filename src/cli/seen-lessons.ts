/** Events as they come → the reports of an interrupted run: what was judged until then is not lost. */
import { statusOf } from '../run.ts';
import type { LessonReport, RunEvent, StepReport } from '../types.ts';

export class SeenLessons {
  readonly #reports = new Map<string, LessonReport>();
  /** By file and line: a step is finished again where something that it left running failed. */
  readonly #steps = new Map<string, Map<number, StepReport>>();

  event(event: RunEvent): void {
    const { file } = event;
    if (event.type === 'lesson-started') {
      this.#steps.set(file, new Map());
      this.#reports.set(file, { file, title: event.title, status: 'skipped', reason: 'was interrupted', afterFailed: false, duration: 0, steps: [] });
    } else if (event.type === 'lesson-finished') {
      this.#steps.delete(file);
      this.#reports.set(file, event.report);
    } else if (event.type === 'step-finished') this.#steps.get(file)?.set(event.step.line, event.step);
  }

  reports(): LessonReport[] {
    return [...this.#reports.values()].map((report) => {
      const steps = this.#steps.get(report.file);
      const seen = steps === undefined ? report.steps : [...steps.values()];
      return { ...report, steps: seen, status: statusOf(seen) };
    });
  }
}
