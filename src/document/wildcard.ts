/** NATS wildcards over keys: `*` is one token, `>` at the end one or more (docs.nats.io, subject-based messaging). */

export function isWildcard(name: string): boolean {
  return name.split('.').some((token) => token === '*' || token === '>');
}

/** Whether `key` is under `wildcard`; a name without wildcards matches nothing. */
export function matchesWildcard(wildcard: string, key: string): boolean {
  if (!isWildcard(wildcard)) return false;
  const tokens = wildcard.split('.');
  const parts = key.split('.');
  for (const [index, token] of tokens.entries()) {
    if (token === '>') return parts.length > index;
    if (index >= parts.length || (token !== '*' && token !== parts[index])) return false;
  }
  return tokens.length === parts.length;
}
