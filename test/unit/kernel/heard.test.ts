/** JetStream's answer that a stream is made or removed is held back until the page's own server has heard of it. */
import { expect, test } from 'vitest';
import { untilHeard } from '../../../src/kernel/host-heard.ts';

const answer = { string: () => '' };
const fails = (properties: object) => Object.assign(new Error('no'), properties);
const NOBODY = fails({ name: 'RequestError', message: "no responders: '$JS.API.DIRECT.GET.KV_A'" });
const NOBODY_OF_OLD = fails({ name: 'NatsError', code: '503' });
const TIMEOUT = fails({ name: 'TimeoutError' });
const TIMEOUT_OF_OLD = fails({ name: 'NatsError', code: 'TIMEOUT' });
const REFUSED = fails({ name: 'PermissionViolationError' });

/** How many times it is asked until it is content; what `says` holds is said in turn, the last of it for ever. */
async function asked(subject: string, isThere: boolean, says: (Error | typeof answer)[]): Promise<{ times: number; subjects: string[] }> {
  const subjects = new Set<string>();
  let times = 0;
  const request = async (about: string) => {
    subjects.add(about);
    const said = says[Math.min(times++, says.length - 1)];
    if (said instanceof Error) throw said;
    return said ?? answer;
  };
  await untilHeard(request, subject, isThere);
  return { times, subjects: [...subjects] };
}

test.each<[string, boolean, (Error | typeof answer)[], number]>([
  ['made, and known', true, [answer], 1],
  ['made, and not known twice', true, [NOBODY, NOBODY, answer], 3],
  ['made, as the older client says it', true, [NOBODY_OF_OLD, answer], 2],
  ['made: who is heard and does not answer is there', true, [NOBODY, TIMEOUT], 2],
  ['removed, and known', false, [NOBODY], 1],
  ['removed, and still thought to be there', false, [TIMEOUT, answer, TIMEOUT_OF_OLD, NOBODY], 4],
  ['made: who may not ask asks once', true, [REFUSED], 1],
  ['removed: who may not ask asks once', false, [REFUSED], 1],
])('%s', async (_, isThere, says, times) => {
  expect(await asked('$JS.API.STREAM.CREATE.KV_A', isThere, says)).toEqual({ times, subjects: ['$JS.API.DIRECT.GET.KV_A'] });
});

test('in a domain, of a stream with the name of a verb', async () => {
  expect((await asked('$JS.hub.API.STREAM.DELETE.STREAM', false, [NOBODY])).subjects).toEqual(['$JS.hub.API.DIRECT.GET.STREAM']);
});

test('it is given up in time', async () => {
  const before = performance.now();
  expect((await asked('$JS.API.STREAM.CREATE.KV_A', true, [NOBODY])).times).toBeGreaterThan(10);
  expect(performance.now() - before).toBeGreaterThan(1900);
});
