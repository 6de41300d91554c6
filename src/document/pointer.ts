/** Segments to a JSON Pointer (RFC 6901) and back. */

/** `pointer('buckets', 'a/b', 0)` is `/buckets/a~1b/0`; without segments it is the whole document, ``. */
export function pointer(...segments: (string | number)[]): string {
  return segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The segments of a JSON Pointer: what `pointer` was made of. */
export function readPointer(text: string): string[] {
  return text
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
