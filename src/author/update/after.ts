/** What a page says before a step → what it says after it. */
import { applyPatch, EMPTY_EXPECTED } from '../../document/expected.ts';
import type { ExpectedState, Step } from '../../types.ts';

export function afterStep(before: ExpectedState, { expectation: { state } }: Step): ExpectedState {
  return state === null ? before : applyPatch(state.kind === 'state' ? EMPTY_EXPECTED : before, state.patch);
}
