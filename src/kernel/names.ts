/** The code of one step → the names that it declares and uses, its exports, and why it cannot run. */
import { analyze, type Reference, type Variable } from '@typescript-eslint/scope-manager';
import { type Program, parseSync, Visitor } from 'oxc-parser';
import type { Code, Fence } from '../types.ts';
import { recoverNames } from './recover.ts';
import { holdsTypes, isErased, typeScriptParts } from './typescript.ts';

/** A name that a step declares at its top level. All offsets are into its code. */
export interface DeclaredName {
  name: string;
  offset: number;
  /** It exists at run time. */
  value: boolean;
  type: boolean;
  /** Declared by `using`. */
  held: boolean;
  /** Declared by `const` or `using`. */
  constant: boolean;
}

/** A use of a name that the step does not declare. */
export interface FreeName {
  name: string;
  offset: number;
  /** It means the value of that name; else the type. */
  value: boolean;
  /** Gone at run time: a type, or the `x` of `typeof x` as a type. */
  erased: boolean;
  written: boolean;
}

export interface StepNames {
  declared: DeclaredName[];
  /** In the order of the code. */
  free: FreeName[];
  /** Where each `export` begins. */
  exports: number[];
  /** It has types, so that they must be stripped before it runs. */
  typed: boolean;
  /** What its static imports name. */
  modules: string[];
  /** Where each `throw` begins, in functions too. */
  throws: number[];
  /** A syntax error, or TypeScript that is more than types. Of code with a syntax error only `declared` is known, as far as it can be guessed. */
  broken: { message: string; offset: number; parses: boolean } | null;
}

export type Language = 'ts' | 'js';

type Statement = Program['body'][number];

const NOTHING = { free: [], exports: [], throws: [], typed: false, modules: [] };

const known = new WeakMap<Fence, StepNames>();

/** `namesOf` a step's code, which is parsed once however often it is asked for. */
export function namesOfCode({ fence, language }: Code): StepNames {
  const names = known.get(fence) ?? namesOf(fence.text, language);
  known.set(fence, names);
  return names;
}

/** Never throws: what is wrong with the code is in `broken`. Errors that only V8 finds (`let a; let a`) are not. */
export function namesOf(code: string, language: Language): StepNames {
  const { program, errors, module } = parse(code, language, false);
  const error = errors[0];
  const isEmpty = error !== undefined && program.body.length === 0;
  if (isEmpty) return { declared: recoverNames(code, (chunk) => declaredIn(chunk, language)), ...NOTHING, broken: syntaxError(error) };

  const parts = typeScriptParts(program);
  // oxc's tree is ESTree as typescript-eslint has it; only the two packages' types do not know each other.
  const { globalScope } = analyze(program as unknown as Parameters<typeof analyze>[0], { sourceType: 'module', lib: [] });
  const variables = globalScope?.childScopes[0]?.variables ?? [];
  const declared = variables.flatMap((variable) => declaredName(variable, parts.erased));
  // `declare const x` is gone at run time, so whoever uses x means that of an earlier step.
  const ambient = variables.filter((variable) => variable.isValueVariable && declared.some(({ name, value }) => name === variable.name && !value));
  const references = [...(globalScope?.through ?? []), ...ambient.flatMap(({ references }) => references.filter((one) => one.isValueReference))];
  return {
    declared,
    free: freeNames(references, parts.erased),
    exports: program.body.filter(isExport).map(({ start }) => start),
    typed: language === 'ts' && (holdsTypes(program) || parse(code, 'js', false).errors.length > 0),
    modules: module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    throws: throwsIn(program),
    broken: error === undefined ? parts.more && { ...parts.more, parses: true } : syntaxError(error),
  };
}

/** Where the error is that made V8 refuse the code; null where it cannot be found. */
export function locateSyntaxError(code: string, language: Language): number | null {
  const { errors } = parse(code, language, true);
  const labels = errors[0]?.labels ?? [];
  // Of a name declared twice the labels give both places; the second is the mistake.
  return labels.length === 0 ? null : Math.max(...labels.map(({ start }) => start));
}

/** A static import as it stands in the code. */
export interface ImportStatement {
  specifier: string;
  /** Where the specifier's quote is. */
  offset: number;
  /** Names as the module exports them → whether this code uses them at run time. */
  names: Map<string, boolean>;
}

export function importsOf(code: string, language: Language): ImportStatement[] {
  const { program, module } = parse(code, language, false);
  const { globalScope } = analyze(program as unknown as Parameters<typeof analyze>[0], { sourceType: 'module', lib: [] });
  const variables = globalScope?.childScopes[0]?.variables ?? [];
  const isUsed = (local: string) =>
    variables.some(({ name, references }) => name === local && references.some((one) => one.isValueReference && !one.isTypeReference));
  return module.staticImports.map(({ moduleRequest, entries }) => ({
    specifier: moduleRequest.value,
    offset: moduleRequest.start,
    names: new Map(entries.flatMap(({ importName, localName }) => (importName.name === null ? [] : [[importName.name, isUsed(localName.value)]]))),
  }));
}

function throwsIn(program: Program): number[] {
  const throws: number[] = [];
  new Visitor({ ThrowStatement: ({ start }) => void throws.push(start) }).visit(program);
  return throws;
}

function parse(code: string, language: Language, showSemanticErrors: boolean) {
  return parseSync(`step.${language}`, code, { lang: language, sourceType: 'module', astType: 'ts', range: true, preserveParens: false, showSemanticErrors });
}

function syntaxError({ message, labels }: { message: string; labels: { start: number }[] }): StepNames['broken'] {
  return { message, offset: labels[0]?.start ?? 0, parses: false };
}

/** Null where the piece of code does not parse by itself. */
function declaredIn(chunk: string, language: Language): DeclaredName[] | null {
  if (parse(chunk, language, false).errors.length > 0) return null;
  return namesOf(chunk, language).declared;
}

function declaredName(variable: Variable, erased: { start: number; end: number }[]): DeclaredName[] {
  const first = variable.identifiers[0];
  if (first === undefined) return [];
  const value = variable.isValueVariable && variable.defs.some((definition) => !isErased(erased, definition.name.range[0]) && !isTypeImport(definition));
  return [
    {
      name: variable.name,
      offset: first.range[0],
      value,
      type: variable.isTypeVariable || !value,
      held: variable.defs.some(isHeld),
      constant: variable.defs.some(isConstant),
    },
  ];
}

function isTypeImport({ node, parent }: Variable['defs'][number]): boolean {
  const isType = (one: object | null | undefined) => one != null && 'importKind' in one && one.importKind === 'type';
  return isType(node) || isType(parent);
}

function isHeld({ parent }: Variable['defs'][number]): boolean {
  return parent != null && 'kind' in parent && (parent.kind === 'using' || parent.kind === 'await using');
}

function isConstant(definition: Variable['defs'][number]): boolean {
  const { parent } = definition;
  return isHeld(definition) || (parent != null && 'kind' in parent && parent.kind === 'const');
}

function freeNames(references: Reference[], erased: { start: number; end: number }[]): FreeName[] {
  const found = new Map<number, FreeName>();
  for (const reference of references) {
    const offset = reference.identifier.range[0];
    const written = reference.isWrite() || found.get(offset)?.written === true;
    const value = reference.isValueReference;
    found.set(offset, { name: reference.identifier.name, offset, value, erased: !value || isErased(erased, offset), written });
  }
  return [...found.values()].sort((one, other) => one.offset - other.offset);
}

function isExport({ type }: Statement): boolean {
  return /^(Export|TSExportAssignment|TSNamespaceExport)/.test(type);
}
