/** The scalar that a front matter key is given → the setting's value, or what was expected there. */
import validRange from 'semver/ranges/valid.js';
import { parseTimeLimit } from '../document/duration.ts';
import { nearMiss } from '../document/near-miss.ts';
import type { LessonSettings } from '../types.ts';

/** What front matter can give. */
export interface SettingValues {
  title: string;
  server: string;
  after: string;
  steps: LessonSettings['steps'];
  private: boolean;
  config: string;
  cluster: number;
  timeout: number;
}

interface Rule<Value> {
  /** What a correct value is, with an example. */
  expected: string;
  /** The value, or null where it is wrong. `text` is never blank. */
  read(text: string, value: unknown): Value | null;
}

const RULES: { [Name in keyof SettingValues]: Rule<SettingValues[Name]> } = {
  title: { expected: 'text', read: (text) => text.replace(/\s+/g, ' ').trim() },
  server: { expected: 'a semver range in quotes, such as ">=2.11"', read: (text) => (validRange(text) === null ? null : text.trim()) },
  after: {
    expected: 'the file name of a lesson beside this one, without `.md` and without a folder, such as 03-first-rooms',
    read: (text) => (/[/\\\0]|\.md$/i.test(text) || text === '.' || text === '..' ? null : text),
  },
  steps: { expected: '`marked`, or no such key', read: (text) => (text === 'marked' ? text : null) },
  private: { expected: '`true` or `false`', read: (_, value) => (typeof value === 'boolean' ? value : null) },
  config: { expected: 'the file name of a nats-server configuration beside the lesson', read: (text) => text },
  cluster: { expected: '3, the number of servers', read: (_, value) => (value === 3 ? value : null) },
  timeout: { expected: 'a duration above zero with a unit, such as 500ms or 1h30m', read: parseTimeLimit },
};

export const SETTING_NAMES = Object.keys(RULES);

export function isSettingName(name: string): name is keyof SettingValues {
  return Object.hasOwn(RULES, name);
}

/** Puts the value into `values`, or says what is wrong with it. `scalar` is null where the page gives no scalar. */
export function readSetting<Name extends keyof SettingValues>(
  name: Name,
  scalar: { text: string; value: unknown } | null,
  values: Partial<SettingValues>,
): { message: string; advice: string } | null {
  const rule = RULES[name];
  const advice = `Write ${rule.expected}.`;
  if (scalar === null) return { message: `\`${name}\` has a value of the wrong type`, advice };
  if (scalar.value === null || scalar.text.trim() === '') return { message: `\`${name}\` is empty`, advice };
  const value = rule.read(scalar.text, scalar.value);
  if (value === null) {
    const meant = name === 'steps' ? nearMiss(scalar.text, ['marked']) : null;
    return { message: `\`${name}\` cannot be ${quote(scalar.text)}`, advice: meant === null ? advice : `Did you mean \`${meant}\`?` };
  }
  values[name] = value;
  return null;
}

function quote(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return `\`${line.length > 60 ? `${line.slice(0, 60)}…` : line}\``;
}
