/** The small readers of words: sizes, pointers, near misses, names, wildcards. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketNameProblem, keyProblem, streamNameProblem } from '../../../src/document/names.ts';
import { nearMiss } from '../../../src/document/near-miss.ts';
import { pointer, readPointer } from '../../../src/document/pointer.ts';
import { parseSize } from '../../../src/document/size.ts';
import { isWildcard, matchesWildcard } from '../../../src/document/wildcard.ts';

describe('parseSize', () => {
  it.each([
    ['1MB', 1_048_576],
    ['1MiB', 1_048_576],
    ['1m', 1_048_576],
    ['1K', 1024],
    ['1kib', 1024],
    ['1.5KB', 1536],
    ['2G', 2_147_483_648],
    ['1TB', 1_099_511_627_776],
    ['64B', 64],
    ['64 B', 64],
    ['1024', 1024],
    ['0', 0],
  ])('reads %s as %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', '-1', '+1', 'MB', '1XB', '1 000', '1,000', '1.3B', '1iB', '1 MB ', '1  MB', '9999999999999999', '9000000T', '1e3', '0x10'])(
    'does not read %j',
    (text) => {
      expect(parseSize(text)).toBeNull();
    },
  );
});

describe('pointer', () => {
  it('escapes as RFC 6901 says', () => {
    expect(pointer('buckets', 'B', 'keys', 'a/b~c', 'history', 0)).toBe('/buckets/B/keys/a~1b~0c/history/0');
    expect(pointer()).toBe('');
    expect(pointer('')).toBe('/');
  });

  it('reads back what it was made of', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (segments) => {
        expect(readPointer(pointer(...segments))).toEqual(segments);
      }),
    );
  });
});

describe('nearMiss', () => {
  const known = ['history', 'ttl', 'keys', 'storage'];
  it.each([
    ['histry', 'history'],
    ['histoory', 'history'],
    ['hisTory', 'history'],
    ['hitsory', 'history'],
    ['History', 'history'],
    ['historys', 'history'],
    ['istory', 'history'],
    ['historx', 'history'],
    ['kyes', 'keys'],
    ['key', 'keys'],
    ['historyy', 'history'],
  ])('%s was probably meant as %s', (word, meant) => {
    expect(nearMiss(word, known)).toBe(meant);
  });

  it.each(['history', 'ttls', 'ttk', 'hstry', 'yrotsih', '', 'ihtsory', 'his tory!'])('%j is no near miss', (word) => {
    expect(nearMiss(word, known)).toBeNull();
  });

  it('every single edit of a word leads back to it', () => {
    const edits = fc.record({ at: fc.nat({ max: 6 }), by: fc.constantFrom('x', 'Q', '-'), kind: fc.constantFrom('insert', 'delete', 'replace', 'swap') });
    fc.assert(
      fc.property(edits, ({ at, by, kind }) => {
        const word = 'description';
        const rest = word.slice(at + 1);
        const edited = {
          insert: word.slice(0, at) + by + word.slice(at),
          delete: word.slice(0, at) + rest,
          replace: word.slice(0, at) + by + rest,
          swap: `${word.slice(0, at)}${rest.charAt(0)}${word.charAt(at)}${rest.slice(1)}`,
        }[kind];
        expect(nearMiss(edited, ['other', word])).toBe(word);
      }),
    );
  });
});

describe('names', () => {
  it.each(['Bucket1', 'a-b_c', '__proto__', 'constructor', '1'])('%s may be a bucket', (name) => {
    expect(bucketNameProblem(name)).toBeNull();
  });
  it.each(['', 'a b', 'a.b', 'a/b', 'ä', 'B\n'])('%j may not', (name) => {
    expect(bucketNameProblem(name)).toContain('is no name for a bucket');
  });

  it.each(['locker.7', '1.0', 'a/b=c-d_e', '__proto__', '*', '>', 'a.*', 'a.*.c', 'crowd.>'])('%s may be a key or a wildcard', (key) => {
    expect(keyProblem(key)).toBeNull();
  });
  it.each([
    ['.a', 'no dot at its beginning'],
    ['a.', 'no dot at its beginning or end'],
    ['a..b', 'no two dots'],
    ['', 'no dot'],
    ['a b', 'expected letters'],
    ['a\n', 'expected letters'],
    ['ä', 'expected letters'],
    ['a*', 'whole tokens'],
    ['a.>b', 'whole tokens'],
    ['>.a', 'the last token only'],
    ['a.>.>', 'the last token only'],
    ['a..>', 'no two dots'],
  ])('%j may not: %s', (key, why) => {
    expect(keyProblem(key)).toContain(why);
  });

  it.each(['ORDERS', 'orders-1', 'Ä', 'constructor'])('%s may be a stream', (name) => {
    expect(streamNameProblem(name)).toBeNull();
  });
  it.each(['', 'a b', 'a.b', 'a*', 'a>', 'a/b', 'a\\b'])('%j may not', (name) => {
    expect(streamNameProblem(name)).toContain('is no name for a stream');
  });
});

describe('wildcards', () => {
  it.each([
    ['crowd.>', 'crowd.1', true],
    ['crowd.>', 'crowd.1.2', true],
    ['crowd.>', 'crowd', false],
    ['>', 'a', true],
    ['*', 'a', true],
    ['*', 'a.b', false],
    ['a.*.c', 'a.b.c', true],
    ['a.*.c', 'a.b.d', false],
    ['a.*', 'a', false],
    ['a.b', 'a.b', false],
  ])('%s over %s: %s', (wildcard, key, matches) => {
    expect(matchesWildcard(wildcard, key)).toBe(matches);
  });

  it('is a wildcard only where a whole token is one', () => {
    expect(['*', 'a.>', 'a.*.b', 'a', 'a*', 'a.b'].filter(isWildcard)).toEqual(['*', 'a.>', 'a.*.b']);
  });
});
