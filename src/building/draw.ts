/** A building → its drawing: rooms side by side, a locker under the other in each, as many columns wide as there are. */
import type { Colors } from '../report/colors.ts';
import { broken, columnsOf, cut, fill, wrap } from './columns.ts';
import { oneLine } from './content.ts';
import { countsOf, insideOf, NO_ROOMS } from './plain.ts';
import type { Building, Locker, Room } from './rooms.ts';

export interface DrawOptions {
  /** Of the terminal. */
  columns: number;
  colors: Colors;
}

/** Below so many columns one room stands under the other. */
const SIDE_BY_SIDE = 60;
/** Columns of a room, at least where there is room for it, and at most. */
const NARROWEST = 29;
const WIDEST = 46;
const GAP = 2;
/** A drawing that is narrower shows nothing any more; it is then wider than the terminal. */
const SMALLEST = 26;

/** Lines without blanks at their ends. No line is wider than the terminal, from 26 columns up. */
export function drawBuilding(building: Building, options: DrawOptions): string[] {
  const { rooms, streams } = building;
  const { colors } = options;
  const columns = Math.max(options.columns, SMALLEST);
  const abreast = columns < SIDE_BY_SIDE ? 1 : Math.max(1, Math.min(rooms.length, Math.floor((columns + GAP) / (NARROWEST + GAP))));
  const width = Math.min(WIDEST, Math.floor((columns + GAP) / abreast) - GAP);
  const rows = Array.from({ length: Math.ceil(rooms.length / abreast) }, (_, row) => rooms.slice(row * abreast, (row + 1) * abreast));
  const drawn = rows.map((row) => beside(row.map((room) => drawRoom(room, width, options))));
  if (rooms.length === 0) drawn.push(wrap(NO_ROOMS.split(' '), ' ', columns).map(colors.dim));
  if (streams.length > 0) drawn.push(wrap(['Streams that are no rooms:', ...streams.map(oneLine)], ' ', columns).map(colors.dim));
  return drawn.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

/** Drawings of the same width, the shorter ones with blanks below. */
function beside(drawings: Drawing[]): string[] {
  const height = Math.max(...drawings.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, row) =>
    drawings
      .map(({ lines, width }) => lines[row] ?? ' '.repeat(width))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

interface Drawing {
  width: number;
  lines: string[];
}

function drawRoom(room: Room, width: number, { colors }: DrawOptions): Drawing {
  const inner = width - 4;
  const wall = colors.bold('║');
  const row = (text: string, paint: (text: string) => string = plain) => `${wall} ${paint(fill(text, inner))} ${wall}`;
  const name = cut(oneLine(room.name), inner - 1);
  const top = `${colors.bold(`╔═ ${name} `)}${colors.bold('═'.repeat(width - columnsOf(name) - 5))}${colors.bold('╗')}`;
  const door = [
    ...wrap(oneLine(room.description).split(' '), ' ', inner).filter((line) => line !== ''),
    ...wrap(room.rules.map(oneLine), ' · ', inner).map((line) => ({ dim: line })),
  ].map((line) => (typeof line === 'string' ? row(line, colors.italic) : row(line.dim, colors.dim)));
  const lockers = room.lockers.flatMap((locker, index) => drawLocker(locker, index === 0, inner, colors)).map((line) => `${wall} ${line} ${wall}`);
  if (lockers.length === 0) lockers.push(row(''));
  else lockers.push(`${wall} └${'─'.repeat(inner - 2)}┘ ${wall}`);
  const counts = wrap(countsOf(room), ', ', inner - 1);
  const foot = counts.at(-1) ?? '';
  return {
    width,
    lines: [
      top,
      ...door,
      ...lockers,
      ...(room.hidden > 0 ? [row(`… ${room.hidden} more (--all)`, colors.dim)] : []),
      ...counts.slice(0, -1).map((line) => row(line, colors.dim)),
      `${colors.bold('╚═')} ${colors.dim(foot)} ${colors.bold(`${'═'.repeat(width - columnsOf(foot) - 5)}╝`)}`,
    ],
  };
}

/** Its number and revision on the upper edge, below it what is inside; crossed out where it was emptied on purpose. */
function drawLocker(locker: Locker, isFirst: boolean, width: number, colors: Colors): string[] {
  const { key, revision, operation, content, older } = locker;
  const [left, right] = isFirst ? ['┌', '┐'] : ['├', '┤'];
  const inner = width - 4;
  const number = ` #${revision} `;
  const name = cut(oneLine(key), width - 7 - number.length);
  const line = '─'.repeat(Math.max(0, width - 5 - columnsOf(name) - number.length));
  const isGone = operation !== 'PUT';
  const paintKey = isGone ? (text: string) => colors.dim(colors.strikethrough(text)) : colors.cyan;
  const edge = `${left} ${paintKey(name)} ${line}${colors.dim(number)}─${right}`;
  const paint = paintContent(content?.kind, colors);
  const inside = isGone ? [crossed(insideOf(locker), inner + 2, colors)] : linesOf(locker, inner).map((text) => ` ${paint(fill(text, inner))} `);
  const before =
    older.length === 0 ? [] : [`│ ${colors.dim(fill(`before: ${older.map((held) => `${insideOf(held)} #${held.revision}`).join(', ')}`, inner))} │`];
  return [edge, ...inside.map((text) => `│${text}│`), ...before];
}

/** On one line or two; a value that does not fit on them says how large it is. */
function linesOf({ content }: Locker, columns: number): string[] {
  if (content === null || content.kind === 'bytes' || columnsOf(content.line) <= columns) return [content?.line ?? ''];
  const [first, rest] = broken(content.line, columns);
  const size = ` (${content.size} bytes)`;
  return [first, columnsOf(rest) <= columns || size.length > columns / 2 ? rest : `${cut(rest, columns - size.length)}${size}`];
}

function crossed(word: string, columns: number, colors: Colors): string {
  const left = Math.floor((columns - word.length - 2) / 2);
  return colors.red(`${'╳'.repeat(left)} ${word} ${'╳'.repeat(columns - word.length - 2 - left)}`);
}

function paintContent(kind: string | undefined, colors: Colors): (text: string) => string {
  if (kind === 'json') return colors.yellow;
  return kind === 'bytes' ? colors.magenta : kind === 'empty' ? colors.dim : plain;
}

function plain(text: string): string {
  return text;
}
