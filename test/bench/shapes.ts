/** A shape and a number of steps → the same work as a page, as a script with asserts, and as a vitest file. */

export interface Shape {
  name: string;
  /** The step that begins it, as code. */
  setUp: string[];
  /** What the page then says of the state; null: nothing. */
  setUpChange: string[] | null;
  step: (index: number) => Step;
}

interface Step {
  code: string[];
  /** What it prints. */
  output: string;
  /** What it prints, as an expression. */
  printed: string;
  change: string[];
}

const CONNECT = ["import { connect } from '@nats-io/transport-node';", "import { Kvm } from '@nats-io/kv';"];
const OPEN = ['const nc = await connect({ servers: process.env.NATS_URL });', 'const kvm = new Kvm(nc);'];

export const SHAPES: Record<'each' | 'three', Shape> = {
  each: {
    name: 'each step creates a bucket, puts, gets and prints',
    setUp: [],
    setUpChange: null,
    step: (index) => ({
      code: [`const room${index} = await kvm.create('Room${index}');`, `await room${index}.put('locker.7', 'socks ${index}');`],
      printed: `(await room${index}.get('locker.7'))?.string()`,
      output: `socks ${index}`,
      change: ['buckets:', `  Room${index}:`, '    keys:', `      locker.7: socks ${index}`],
    }),
  },
  three: {
    name: 'three buckets, then steps that put, get and print',
    setUp: ["const rooms = [await kvm.create('Room0'), await kvm.create('Room1'), await kvm.create('Room2')];"],
    setUpChange: ['buckets:', '  Room0: {}', '  Room1: {}', '  Room2: {}'],
    step: (index) => ({
      code: [`await rooms[${index % 3}].put('locker.${index}', 'socks ${index}');`],
      printed: `(await rooms[${index % 3}].get('locker.${index}'))?.string()`,
      output: `socks ${index}`,
      change: ['buckets:', `  Room${index % 3}:`, '    keys:', `      locker.${index}: socks ${index}`],
    }),
  },
};

function fence(info: string, lines: string[]): string {
  return ['```'.concat(info), ...lines, '```', ''].join('\n');
}

/** For lockerroom and for zx, word for word. */
export function pageOf({ setUp, setUpChange, step, name }: Shape, steps: number): string {
  const parts = [`# ${name}\n`, fence('ts', [...CONNECT, ...OPEN, ...setUp])];
  if (setUpChange !== null) parts.push(fence('yaml change', setUpChange));
  for (let index = 0; index < steps; index += 1) {
    const { code, printed, output, change } = step(index);
    parts.push(`Locker number ${index}.\n`, fence('ts', [...code, `console.log(${printed});`]), fence('text output', [output]), fence('yaml change', change));
  }
  // zx has no kernel that ends with the page: an open connection would keep it.
  parts.push(fence('ts', ['await nc.close();']));
  return parts.join('\n');
}

/** As one would write it by hand: what is printed is asserted, and nothing else. */
export function scriptOf({ setUp, step }: Shape, steps: number): string {
  const lines = ["import assert from 'node:assert/strict';", ...CONNECT, ...OPEN, ...setUp];
  for (let index = 0; index < steps; index += 1) {
    const { code, printed, output } = step(index);
    lines.push(...code, `const value${index} = ${printed};`, `console.log(value${index});`, `assert.equal(value${index}, '${output}');`);
  }
  return [...lines, 'await nc.close();', ''].join('\n');
}

/** One test a step. */
export function testOf({ setUp, step }: Shape, steps: number): string {
  const lines = ["import { expect, test, afterAll } from 'vitest';", ...CONNECT, ...OPEN, ...setUp, 'afterAll(() => nc.close());'];
  for (let index = 0; index < steps; index += 1) {
    const { code, printed, output } = step(index);
    lines.push(`test('step ${index}', async () => {`, ...code, `expect(${printed}).toBe('${output}');`, '});');
  }
  return [...lines, ''].join('\n');
}
