/** What a page or a server says of a bucket's settings to the one form in which they are compared. */
import type { Json, SettingName, Settings } from '../types.ts';
import { formatDuration } from './duration.ts';
import { byText } from './order.ts';

export type SettingKind = 'text' | 'history' | 'duration' | 'storage' | 'count' | 'flag' | 'size' | 'bucket' | 'buckets' | 'map' | 'republish' | 'placement';

/** Each setting's kind, and its default in canonical form; null: none. In the order of the design. */
export const SETTINGS: Readonly<Record<SettingName, { kind: SettingKind; default: Json }>> = {
  description: { kind: 'text', default: '' },
  history: { kind: 'history', default: 1 },
  ttl: { kind: 'duration', default: null },
  markerTtl: { kind: 'duration', default: null },
  storage: { kind: 'storage', default: 'file' },
  replicas: { kind: 'count', default: 1 },
  compression: { kind: 'flag', default: false },
  maxBytes: { kind: 'size', default: -1 },
  maxValueSize: { kind: 'size', default: -1 },
  mirror: { kind: 'bucket', default: null },
  sources: { kind: 'buckets', default: null },
  metadata: { kind: 'map', default: null },
  republish: { kind: 'republish', default: null },
  placement: { kind: 'placement', default: null },
};

export const SETTING_NAMES: readonly SettingName[] = Object.keys(SETTINGS) as SettingName[];

/** Metadata that the server itself adds, and that no page needs to mention. */
export function isServerMetadata(name: string): boolean {
  return name.startsWith('_nats.');
}

/** A setting as it is given: durations in milliseconds, sizes in bytes, anything that is not there undefined or null. */
export type RawSettings = { [Name in SettingName]?: Json | undefined };

/** The settings that are not at their default, in canonical form. */
export function canonicalSettings(raw: RawSettings): Settings {
  const settings: Settings = {};
  for (const name of SETTING_NAMES) {
    const value = canonicalSetting(name, raw[name] ?? null);
    if (value !== null) settings[name] = value;
  }
  return settings;
}

/** One setting in canonical form; null where it is at its default. Durations are given in milliseconds (0: none), sizes in bytes (0 and less: unlimited). */
export function canonicalSetting(name: SettingName, value: Json): Json {
  const { kind, default: usual } = SETTINGS[name];
  const canonical = canonicalForm(kind, value);
  return canonical === usual ? null : canonical;
}

function canonicalForm(kind: SettingKind, value: Json): Json {
  switch (kind) {
    case 'duration':
      return typeof value === 'number' && value > 0 ? formatDuration(value) : null;
    case 'size':
    case 'history':
      return typeof value === 'number' && value <= 0 ? -1 : value;
    case 'bucket':
      return value === '' ? null : value;
    case 'buckets':
      return sortedNames(value);
    case 'map':
      return fields(value, ([name]) => !isServerMetadata(name));
    case 'republish':
      return fields(value, ([name, field]) => name !== 'headersOnly' || field === true);
    case 'placement': {
      const placement = fields(value, ([, field]) => field !== '');
      const tags = sortedNames(isObject(placement) ? (placement.tags ?? null) : null);
      return fields(isObject(placement) ? { ...placement, tags } : placement, ([, field]) => field !== null);
    }
    default:
      return value;
  }
}

function isObject(value: Json): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names without order, hence sorted; null where there are none. */
function sortedNames(value: Json): Json {
  return Array.isArray(value) && value.length > 0 ? value.map(String).sort(byText) : null;
}

/** The fields to keep, sorted by name; null where none is left. */
function fields(value: Json, keep: (field: [string, Json]) => boolean): Json {
  if (!isObject(value)) return null;
  const kept = Object.entries(value).filter(keep);
  return kept.length === 0 ? null : Object.fromEntries(kept.sort(([one], [other]) => byText(one, other)));
}
