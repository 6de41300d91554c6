/** A lesson → its steps as modules that find the names of earlier steps, and the rules of design §2 that its code breaks. */
import { pageProblem } from '../errors.ts';
import type { Code, Lesson, LinkedStep, Problem, Step } from '../types.ts';
import { namesOf, namesOfCode, type StepNames } from './names.ts';
import { linesBefore, placeAt } from './place.ts';
import type { ModuleSource } from './protocol.ts';

/** Who declared a name last. */
interface Owner {
  index: number;
  line: number;
  /** Why later steps may not use its names; null: they may. */
  closed: 'exercise' | 'error' | null;
}

/** The names of the steps so far. A name can be a value of one step and a type of another. */
interface Scope {
  values: Map<string, Owner>;
  types: Map<string, Owner>;
}

export interface LinkedLesson {
  /** `steps[i]` is the linked `lesson.steps[i]`, of an exercise its solution; null for a step without code. */
  steps: (LinkedStep | null)[];
  /** `starters[i]` is the starter code of `lesson.steps[i]`, to be run in its place; null where the step is no exercise. */
  starters: (LinkedStep | null)[];
  /** With the code `step`, at the very character. */
  problems: Problem[];
}

export function linkLesson(lesson: Lesson): LinkedLesson {
  const scope: Scope = { values: new Map(), types: new Map() };
  const problems: Problem[] = [];
  const linked = lesson.steps.map((step) => {
    if (step.code === null) return [];
    const owner: Owner = { index: step.index, line: step.line, closed: closedBy(step) };
    const codes = [step.code, ...(step.starter === null ? [] : [step.starter])];
    const names = codes.map(namesOfCode);
    for (const [index, code] of codes.entries()) {
      const own = names[index];
      if (own !== undefined) problems.push(...problemsOf(lesson.file, code, own, scope));
    }
    const modules = codes.flatMap((code, index) => (names[index] === undefined ? [] : [linkStep(step, code, names[index], scope)]));
    for (const own of names) declare(own, owner, scope);
    return modules;
  });
  return { steps: linked.map(([solution]) => solution ?? null), starters: linked.map(([, starter]) => starter ?? null), problems };
}

/**
 * The module of a step. Line n is line n of the page, and a column that of the fence's text; the first line imports what earlier steps declared, from
 * `urlOf(index)`, and the last exports what this one declares.
 */
export function moduleSource(step: LinkedStep, urlOf: (index: number) => string): ModuleSource {
  const groups = new Map<number, string[]>();
  for (const [name, index] of step.imports) groups.set(index, [...(groups.get(index) ?? []), name]);
  const imports = [...groups].map(([index, names]) => `import { ${names.join(', ')} } from ${JSON.stringify(urlOf(index))};`).join(' ');
  const { text } = step.fence;
  const code = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  const held = heldNames(step);
  const copies = [...held].map((name) => `const ${name}$held = ${name}; `).join('');
  const exported = step.exports.map((name) => (held.has(name) ? `${name}$held as ${name}` : name)).join(', ');
  return { head: imports, blank: linesBefore(step), tail: `${code};${copies}export { ${exported} };` };
}

/** The names that `using` declares: V8 (as of Node 24) does not dispose of what is exported itself, so a copy is. */
function heldNames({ fence, language }: LinkedStep): Set<string> {
  const declared = /\busing\b/.test(fence.text) ? namesOf(fence.text, language).declared : [];
  return new Set(declared.filter(({ held }) => held).map(({ name }) => name));
}

function linkStep(step: Step, { fence, language }: Code, names: StepNames, scope: Scope): LinkedStep {
  const imports = new Map<string, number>();
  const types = new Map<string, number>();
  for (const { name, erased, value } of names.free) {
    const owner = (value ? scope.values : scope.types).get(name);
    if (owner !== undefined) (erased ? types : imports).set(name, owner.index);
  }
  const { broken, throws } = names;
  const [onlyThrow] = throws.length === 1 ? throws : [];
  return {
    index: step.index,
    language,
    fence,
    typed: names.typed,
    modules: names.modules,
    exports: names.declared.filter(({ value }) => value).map(({ name }) => name),
    imports,
    types,
    onlyThrow: onlyThrow === undefined ? null : placeAt(fence, onlyThrow),
    broken: broken && { name: 'SyntaxError', message: broken.message, place: placeAt(fence, broken.offset) },
    timeout: step.timeout,
  };
}

function closedBy({ starter, expectation }: Step): Owner['closed'] {
  if (starter !== null) return 'exercise';
  return expectation.error === null ? null : 'error';
}

function declare({ declared }: StepNames, owner: Owner, scope: Scope): void {
  for (const { name, value, type } of declared) {
    if (value) scope.values.set(name, owner);
    if (type) scope.types.set(name, owner);
  }
}

function problemsOf(file: string, { fence }: Code, names: StepNames, scope: Scope): Problem[] {
  const problems = names.exports.map((offset) =>
    pageProblem(
      'step',
      file,
      placeAt(fence, offset),
      'a step cannot export',
      'leave `export` out: what it declares at its top level is in scope in later steps',
    ),
  );
  const reported = new Set<string>();
  for (const { name, offset, value, written } of names.free) {
    const owner = (value ? scope.values : scope.types).get(name);
    const problem = owner === undefined ? null : misuse(name, owner, written);
    if (problem === null || reported.has(name)) continue;
    reported.add(name);
    problems.push(pageProblem('step', file, placeAt(fence, offset), problem.message, problem.advice));
  }
  return problems;
}

/** What is wrong with using, or assigning to, a name of another step; null where nothing is. */
function misuse(name: string, { line, closed }: Owner, written: boolean): { message: string; advice: string } | null {
  if (closed === 'exercise') {
    return { message: `\`${name}\` is declared by the exercise at line ${line}, whose names later steps cannot use`, advice: 'declare it again in this step' };
  }
  if (closed === 'error') {
    const message = `\`${name}\` is declared by the step at line ${line}, whose error is expected, so later steps cannot use its names`;
    return { message, advice: 'declare it again in this step, or in an ordinary step before it' };
  }
  if (!written) return null;
  return { message: `\`${name}\` belongs to the step at line ${line}, and no other step can assign to it`, advice: `declare it again: let ${name} = …` };
}
