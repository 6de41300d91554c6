/** A small grammar, put together from characters, to the automaton that reads it one character at a time (Glushkov's construction). */

/** States are numbered from 1; 0 is before the first character. State `s` is entered by one of the characters `enteredBy[s]`. */
export interface Automaton {
  enteredBy: string[];
  /** The states that may follow a state. */
  next: number[][];
  /** Whether the text may end here. */
  final: boolean[];
}

/** What a piece of a grammar begins and ends with, and whether it may be empty. */
interface Ends {
  first: number[];
  last: number[];
  empty: boolean;
}

/** Adds itself to the automaton, anew each time. */
export type Piece = (into: Automaton) => Ends;

/** One character out of `characters`. */
export function oneOf(characters: string): Piece {
  return (into) => {
    const state = into.enteredBy.push(characters) - 1;
    into.next.push([]);
    into.final.push(false);
    return { first: [state], last: [state], empty: false };
  };
}

/** One after the other; a string is its characters. */
export function sequence(...pieces: (Piece | string)[]): Piece {
  const all = pieces.flatMap((piece) => (typeof piece === 'string' ? [...piece].map(oneOf) : [piece]));
  return (into) =>
    all.reduce<Ends>(
      (before, piece) => {
        const ends = piece(into);
        for (const state of before.last) into.next[state]?.push(...ends.first);
        return {
          first: before.empty ? [...before.first, ...ends.first] : before.first,
          last: ends.empty ? [...before.last, ...ends.last] : ends.last,
          empty: before.empty && ends.empty,
        };
      },
      { first: [], last: [], empty: true },
    );
}

export function either(...pieces: (Piece | string)[]): Piece {
  const all = pieces.map((piece) => sequence(piece));
  return (into) => {
    const ends = all.map((piece) => piece(into));
    return { first: ends.flatMap(({ first }) => first), last: ends.flatMap(({ last }) => last), empty: ends.some(({ empty }) => empty) };
  };
}

export function maybe(...pieces: (Piece | string)[]): Piece {
  const piece = sequence(...pieces);
  return (into) => ({ ...piece(into), empty: true });
}

/** Once or more often. */
export function repeated(...pieces: (Piece | string)[]): Piece {
  const piece = sequence(...pieces);
  return (into) => {
    const ends = piece(into);
    for (const state of ends.last) into.next[state]?.push(...ends.first);
    return ends;
  };
}

export function automaton(piece: Piece): Automaton {
  const into: Automaton = { enteredBy: [''], next: [[]], final: [false] };
  const { first, last } = piece(into);
  into.next[0] = first;
  for (const state of last) into.final[state] = true;
  return into;
}
