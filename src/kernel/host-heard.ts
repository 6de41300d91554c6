/** JetStream's answer that a stream is made or removed → the same answer, as soon as the page's own server has heard of it too. */

export type Request = (subject: string, ...rest: unknown[]) => Promise<{ string(): string }>;

/** Milliseconds until it is given up: then the page sees what a client anywhere would see. */
const LIMIT = 2_000;
/** Milliseconds until a question goes for unanswered: it went to a server that no longer listens. */
const UNANSWERED = 200;
const PAUSE = 2;

/**
 * Waits until requests for a stream get through from here, or no longer do. A cluster answers when the servers that keep a stream know, and a put right after it
 * may go through one that does not yet: of a hundred on an idle machine one is refused (`jetstream is not enabled`). `subject` is that of the answered request.
 * The question is an empty DIRECT.GET, which reads and changes nothing; what it is answered does not matter, so the stream must allow it.
 */
export async function untilHeard(request: Request, subject: string, isThere: boolean): Promise<void> {
  const question = subject.replace(/STREAM\.(?:CREATE|DELETE)\./, 'DIRECT.GET.');
  for (const end = performance.now() + LIMIT; performance.now() < end; ) {
    const isAnswered = await ask(request, question);
    if (isAnswered === isThere || isAnswered === null) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** Whether somebody listens; null where this is not to be learnt. */
async function ask(request: Request, question: string): Promise<boolean | null> {
  try {
    await request(question, '', { timeout: UNANSWERED });
    return true;
  } catch (error) {
    const { name, message, code } = error as { name?: string; message?: string; code?: string };
    // As the client says it, and as the older one does.
    if (code === '503' || /no responders/.test(message ?? '')) return false;
    return name === 'TimeoutError' || code === 'TIMEOUT' ? true : null;
  }
}
