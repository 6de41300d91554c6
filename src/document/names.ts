/** The name of a bucket, a key, a wildcard or a stream to what is wrong with it. */

const TOKEN = /^[-/=\w]+$/;

/** What a bucket may be called; null where the name is fine. */
export function bucketNameProblem(name: string): string | null {
  return /^[-\w]+$/.test(name) ? null : `\`${name}\` is no name for a bucket; expected letters, digits, \`-\` and \`_\`.`;
}

/** Likewise a key, or a NATS wildcard over keys. */
export function keyProblem(key: string): string | null {
  const tokens = key.split('.');
  if (/[*>]/.test(key)) {
    if (tokens.some((token) => /[*>]/.test(token) && token.length > 1))
      return `\`${key}\` is no wildcard; expected \`*\` and \`>\` as whole tokens, as in \`crowd.>\`.`;
    if (tokens.slice(0, -1).includes('>')) return `\`${key}\` is no wildcard; expected \`>\` as the last token only.`;
  }
  if (tokens.includes('')) return `\`${key}\` is no key; expected no dot at its beginning or end, and no two dots in a row.`;
  if (tokens.every((token) => TOKEN.test(token) || token === '*' || token === '>')) return null;
  return `\`${key}\` is no key; expected letters, digits, \`-\`, \`_\`, \`/\`, \`=\` and \`.\`.`;
}

/** Likewise a stream. */
export function streamNameProblem(name: string): string | null {
  return /^[^\s.*>/\\]+$/.test(name) ? null : `\`${name}\` is no name for a stream; expected no blanks and none of \`. * > / \\\`.`;
}
