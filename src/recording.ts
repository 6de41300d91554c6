/** A run of a lesson → what its steps came to, as plain data that can be judged again. */
import { emptyState } from './document/delta.ts';
import { EMPTY_EXPECTED } from './document/expected.ts';
import type { ExpectedState, LessonRecording, State } from './types.ts';

/** To be handed to a run, which fills it. */
export function newRecording(): LessonRecording {
  return { expected: EMPTY_EXPECTED, state: emptyState(), steps: [] };
}

/** Takes down where the lesson starts. */
export function beginRecording(recording: LessonRecording, expected: ExpectedState, state: State): void {
  recording.expected = expected;
  recording.state = copyState(state);
}

/** A copy that can be changed by `applyDelta`; entries and settings are shared, since nobody changes those. */
export function copyState({ buckets, streams }: State): State {
  return { buckets: new Map([...buckets].map(([name, { settings, keys }]) => [name, { settings, keys: new Map(keys) }])), streams: new Set(streams) };
}
