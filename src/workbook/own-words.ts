/** The names of streams, and what was thrown → parts of a sentence. */

/** How many names a sentence has at most. */
const MOST = 10;

/** Buckets by the name that a reader knows. */
export function inWords(names: string[]): string {
  const shown = names.slice(0, MOST).map((name) => {
    if (name.startsWith('KV_')) return `the bucket ${name.slice(3)}`;
    return name.startsWith('OBJ_') ? `the object store ${name.slice(4)}` : `the stream ${name}`;
  });
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
