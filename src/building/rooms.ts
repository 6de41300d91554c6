/** A state → the building that is drawn of it: rooms with their rules and lockers, in words and without a place on any screen. */
import { byText } from '../document/order.ts';
import { SETTING_NAMES } from '../document/settings.ts';
import type { Bucket, Entry, Json, Operation, SettingName, State } from '../types.ts';
import { type Content, contentOf } from './content.ts';

/** What is in a locker, or was once. */
export interface Held {
  revision: number;
  operation: Operation;
  /** Null for a marker. */
  content: Content | null;
}

export interface Locker extends Held {
  key: string;
  /** What else is kept of its key, newest first. */
  older: Held[];
}

export interface Room {
  name: string;
  /** Empty where it has none. */
  description: string;
  /** The settings that are not at their default, `history 5`; without the description. */
  rules: string[];
  /** By key, numbers in it as numbers. */
  lockers: Locker[];
  /** How many more there are, which are not to be shown. */
  hidden: number;
  filled: number;
  deleted: number;
  purged: number;
}

export interface Building {
  /** By name. */
  rooms: Room[];
  /** Streams that are no rooms, by name. */
  streams: string[];
}

const KEYS = new Intl.Collator('en', { numeric: true });
/** So many keys are sorted as a reader would; more of them as text, which takes a tenth of the time. */
const SORTED_WELL = 10_000;

/** `most`: of each room at most so many lockers; null: all. */
export function buildingOf(state: State, most: number | null): Building {
  const rooms = [...state.buckets].sort(([one], [other]) => byText(one, other)).map(([name, bucket]) => roomOf(name, bucket, most));
  return { rooms, streams: [...state.streams].sort(byText) };
}

function roomOf(name: string, { settings, keys }: Bucket, most: number | null): Room {
  const sorted = [...keys.keys()].sort(keys.size > SORTED_WELL ? byText : byKey);
  const shown = sorted.slice(0, most ?? undefined);
  const counts = { PUT: 0, DEL: 0, PURGE: 0 };
  for (const entry of keys.values()) counts[entry.at(-1)?.operation ?? 'PUT'] += 1;
  const names = SETTING_NAMES.filter((setting) => setting !== 'description' && settings[setting] !== undefined);
  return {
    name,
    description: typeof settings.description === 'string' ? settings.description : '',
    rules: names.map((setting) => ruleOf(setting, settings[setting] ?? null)),
    lockers: shown.flatMap((key) => lockerOf(key, keys.get(key) ?? []) ?? []),
    hidden: sorted.length - shown.length,
    filled: counts.PUT,
    deleted: counts.DEL,
    purged: counts.PURGE,
  };
}

function byKey(one: string, other: string): number {
  return KEYS.compare(one, other) || byText(one, other);
}

function lockerOf(key: string, entry: Entry): Locker | null {
  const [latest, ...older] = entry.toReversed().map(({ revision, operation, value }): Held => ({ revision, operation, content: value && contentOf(value) }));
  return latest === undefined ? null : { key, ...latest, older };
}

/** In the words of the state document. */
function ruleOf(name: SettingName, value: Json): string {
  if (value === true) return name;
  if ((name === 'maxBytes' || name === 'maxValueSize') && typeof value === 'number') return `${name} ${sizeText(value)}`;
  return `${name} ${plainJson(value)}`;
}

function plainJson(value: Json): string {
  if (Array.isArray(value)) return value.map(plainJson).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, field]) => (field === true ? name : `${name} ${Array.isArray(field) ? `[${plainJson(field)}]` : plainJson(field)}`))
    .join(', ');
}

const UNITS = ['TB', 'GB', 'MB', 'KB'];

/** As the state document takes it: `1MB` is 2^20; in bytes where that is not a whole number of anything. */
export function sizeText(bytes: number): string {
  const at = UNITS.findIndex((_, index) => bytes > 0 && bytes % 1024 ** (UNITS.length - index) === 0);
  return at < 0 ? `${bytes}B` : `${bytes / 1024 ** (UNITS.length - at)}${UNITS[at]}`;
}
