/** A building → the same facts as its drawing, in sentences from top to bottom, for screen readers and for scripts. */
import { cut } from './columns.ts';
import { oneLine } from './content.ts';
import type { Building, Held, Locker, Room } from './rooms.ts';

export const NO_ROOMS = 'The building is empty: no rooms.';

/** So much of a value is read out, in columns. */
const VALUE = 200;

export function describeBuilding(building: Building): string[] {
  const { rooms, streams } = building;
  if (rooms.length === 0 && streams.length === 0) return [NO_ROOMS];
  const lines = rooms.length === 0 ? ['No rooms.'] : rooms.flatMap(describeRoom);
  return streams.length === 0 ? lines : [...lines, `Streams that are no rooms: ${streams.map(oneLine).join(', ')}.`];
}

/** `3 lockers`, `1 deleted`, `2 purged`; or that the room is empty. */
export function countsOf({ filled, deleted, purged }: Room): string[] {
  const counts = [
    ...(filled > 0 ? [count(filled, 'locker')] : []),
    ...(deleted > 0 ? [`${deleted} deleted`] : []),
    ...(purged > 0 ? [`${purged} purged`] : []),
  ];
  return counts.length === 0 ? ['empty'] : counts;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** `deleted`, `purged`, or what is inside. */
export function insideOf({ operation, content }: Held): string {
  if (operation === 'DEL') return 'deleted';
  if (operation === 'PURGE') return 'purged';
  return content?.line ?? '';
}

function describeRoom(room: Room): string[] {
  const { name, description, rules, lockers, hidden } = room;
  return [
    `Room ${oneLine(name)}: ${countsOf(room).join(', ')}.`,
    ...(description === '' ? [] : [`  Description: ${oneLine(description)}`]),
    ...(rules.length === 0 ? [] : [`  Rules: ${rules.map(oneLine).join('; ')}.`]),
    ...lockers.flatMap(describeLocker),
    ...(hidden > 0 ? [`  And ${hidden} more; --all shows them.`] : []),
  ];
}

function describeLocker(locker: Locker): string[] {
  const older = locker.older.map((held) => `    Before, revision ${held.revision}: ${shortened(held)}`);
  return [`  Locker ${oneLine(locker.key)}, revision ${locker.revision}: ${shortened(locker)}`, ...older];
}

function shortened(held: Held): string {
  const inside = insideOf(held);
  const shown = cut(inside, VALUE);
  return shown === inside || held.content?.kind === 'bytes' ? shown : `${shown} (${held.content?.size} bytes)`;
}
