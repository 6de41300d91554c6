/** The text of a list's answer → the text of each stream in it, without the time at which it was listed: equal texts are streams that have not changed. */
import type { StreamInfo } from '@nats-io/jetstream';

/** How each stream begins. In a text of JSON's strings the quotes would be escaped, so this is never part of one. */
const BEGIN = '{"config":{"name":';
/** How each stream ends: when it was listed. It closes the object, so it is the stream's own and nothing within it. */
const LISTED_AT = /^,"ts":"[^"\\]*"\}$/;

export interface ListText {
  /** The answer as JSON, without the streams. */
  head: string;
  streams: StreamText[];
}

export interface StreamText {
  /** As it is written there, so that equal names are equal, whatever the text. */
  name: string;
  /** To be read by `parseStream`. */
  text: string;
}

/** An answer in another form than that of the servers we know is taken apart by way of its JSON. */
export function splitList(text: string): ListText {
  const start = text.indexOf(`[${BEGIN}`) + 1;
  const end = text.lastIndexOf('}]') + 1;
  if (start === 0 || end < start) return splitJson(text);
  const head = text.slice(0, start) + text.slice(end);
  const streams = text
    .slice(start + BEGIN.length, end)
    .split(`,${BEGIN}`)
    .map(withoutTime);
  return isEmptyList(head) && streams.every((stream) => stream !== null) ? { head, streams: streams.map(named) } : splitJson(text);
}

/** The head must be what is left of an answer whose only list of streams was taken out. */
function isEmptyList(head: string): boolean {
  try {
    const { streams } = JSON.parse(head) as { streams?: unknown };
    return Array.isArray(streams) && streams.length === 0;
  } catch {
    return false;
  }
}

function splitJson(text: string): ListText {
  const { streams, ...head } = JSON.parse(text) as { streams?: StreamInfo[] | null };
  return { head: JSON.stringify(head), streams: (streams ?? []).map((info) => ({ name: info.config.name, text: JSON.stringify(info) })) };
}

function named(text: string): StreamText {
  return { name: text.slice(1, text.indexOf('"', 1)), text };
}

/** What stands between `BEGIN` and the time; null where no time stands at the end. */
function withoutTime(stream: string): string | null {
  const at = stream.lastIndexOf(',"ts":"');
  return at >= 0 && LISTED_AT.test(stream.slice(at)) ? stream.slice(0, at) : null;
}

export function parseStream(text: string): StreamInfo {
  return JSON.parse(text.startsWith('{') ? text : `${BEGIN}${text}}`);
}
