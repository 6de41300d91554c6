/** A step and the steps before it → the module that TypeScript reads: line n of it is line n of the page. */
import type { DeclaredName, TypedStep, UsedName } from './steps.ts';

/** The steps that declared a name last before some step. */
export interface Scope {
  values: Map<string, TypedStep>;
  types: Map<string, TypedStep>;
}

/** For each step what is in scope where it begins. */
export function scopesOf(steps: TypedStep[]): Map<TypedStep, Scope> {
  const scopes = new Map<TypedStep, Scope>();
  const values = new Map<string, TypedStep>();
  const types = new Map<string, TypedStep>();
  for (const step of steps) {
    scopes.set(step, { values: new Map(values), types: new Map(types) });
    for (const { name, value, type } of step.declared) {
      if (value) values.set(name, step);
      if (type) types.set(name, step);
    }
  }
  return scopes;
}

/**
 * The step's own code between a first line of imports and a last one of exports. What TypeScript says of those two lines is about our way to hand names on, so
 * it is no one's error.
 */
export function moduleOf(step: TypedStep, scope: Scope, specifierOf: (step: TypedStep) => string): string {
  const { text } = step.fence;
  const copied = new Set(isCopied(text) ? step.declared.filter(isNarrowed).map(({ name }) => name) : []);
  const copies = [...copied].map((name) => `const ${name}$narrowed = ${name};`).join(' ');
  const exported = step.declared.map(({ name }) => (copied.has(name) ? `${name}$narrowed as ${name}` : name)).join(', ');
  const code = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return `${importsOf(step, scope, specifierOf)}${'\n'.repeat(firstLineOf(step) - 1)}${code};${copies} export { ${exported} };\n`;
}

/** A module for code that is not checked: all its names are there, as values and as types, generic ones too, and each is `any`. */
export function anyModuleOf({ declared }: TypedStep): string {
  const parameters = 'A = any, B = any, C = any, D = any';
  return declared
    .map(({ name }, index) => `declare let name${index}: any; type name${index}<${parameters}> = any; export { name${index} as ${name} };`)
    .concat('export {};\n')
    .join('\n');
}

/** Where the step's code begins, from 1: never the first line of a page, where its fence opens at the earliest. */
export function firstLineOf({ fence }: TypedStep): number {
  return fence.lines[0]?.line ?? fence.line + 1;
}

/** A constant keeps in later steps what its own step found out about it: after `if (entry === null) throw …` it is not null. */
function isNarrowed({ value, type, constant }: DeclaredName): boolean {
  return value && constant && !type;
}

/** A copy has the narrowed type. It is no longer a unique symbol, though, and cannot narrow by itself any more. */
function isCopied(text: string): boolean {
  return !/\b(?:Symbol|asserts|never)\b/.test(text);
}

function importsOf(step: TypedStep, scope: Scope, specifierOf: (step: TypedStep) => string): string {
  const names = new Set(step.used.map(({ name }) => name));
  return [...names].map((name) => importOf(name, step.used, scope, specifierOf)).join('');
}

function importOf(name: string, used: UsedName[], { values, types }: Scope, specifierOf: (step: TypedStep) => string): string {
  const asValue = used.some((one) => one.name === name && one.value) ? values.get(name) : undefined;
  const asType = used.some((one) => one.name === name && !one.value) ? types.get(name) : undefined;
  const from = (owner: TypedStep, imported: string) => `import { ${imported} } from ${JSON.stringify(specifierOf(owner))}; `;
  if (asValue !== undefined && asType !== undefined && asValue !== asType) {
    const bridge = `const ${name} = ${name}$value; type ${name} = ${name}$type; `;
    return from(asValue, `${name} as ${name}$value`) + from(asType, `${name} as ${name}$type`) + bridge;
  }
  // A type where a value is meant, and the other way round, is TypeScript's to explain.
  const owner = asValue ?? asType ?? values.get(name) ?? types.get(name);
  return owner === undefined ? '' : from(owner, name);
}
