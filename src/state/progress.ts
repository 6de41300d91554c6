/** A reading that takes its time → how far it is, once a second. */

/** Milliseconds; what is faster needs no word. */
const EVERY = 1_000;

/** For one bucket from now on: is told of every message, and says what comes of it only now and then. */
export function tellProgress(bucket: string, say: (text: string) => void): (done: number, of: number) => void {
  let next = Date.now() + EVERY;
  let asked = 0;
  return (done, of) => {
    asked += 1;
    // The time is asked for seldom: there may be a million messages.
    if (asked % 256 !== 0 || Date.now() < next) return;
    next = Date.now() + EVERY;
    say(`Reading ${bucket}: ${done.toLocaleString('en')} of ${of.toLocaleString('en')} messages`);
  };
}
