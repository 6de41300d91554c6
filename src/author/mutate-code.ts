/** The code of a step → the same with one thing otherwise: a call dropped, a literal changed, two calls swapped, an `await` dropped where its value is used. */
import { type Program, parseSync, Visitor } from 'oxc-parser';
import { becomes, quoted } from './mutant.ts';

export interface CodeMutant {
  kind: 'drop' | 'literal' | 'swap' | 'await' | 'throw' | 'nothing';
  /** Where, in the code. */
  offset: number;
  mutation: string;
  /** The whole code. It declares what it declared. */
  text: string;
  /** Of a text in the code: what of it could be seen again. */
  shows?: string[];
}

interface Range {
  start: number;
  end: number;
}
type Statement = Program['body'][number];
type Expression = Extract<Statement, { type: 'ExpressionStatement' }>['expression'];

/** In the order of the code; none for code that does not parse. */
export function mutateCode(code: string, language: 'ts' | 'js'): CodeMutant[] {
  const { program, errors } = parseSync(`step.${language}`, code, { lang: language, sourceType: 'module', astType: 'ts', range: true, preserveParens: false });
  return errors.length > 0 ? [] : new CodeMutator(code, program).mutants().sort((one, other) => one.offset - other.offset);
}

/** Those that something is to be seen of, given all that the step was seen to print, throw and change; the others are for steps of which there are none. */
export function chooseMutants(mutants: CodeMutant[], seen: string): { chosen: CodeMutant[]; others: CodeMutant[] } {
  const isSeen = ({ shows }: CodeMutant) => shows === undefined || shows.some((text) => seen.includes(text));
  return { chosen: mutants.filter(isSeen), others: mutants.filter((one) => !isSeen(one)) };
}

/** Where nothing else is noticed, these are: a step that throws must not pass, nor one that does nothing where an error is expected of it. */
export function lastResort(code: string, expectsError: boolean): CodeMutant {
  return expectsError
    ? { kind: 'nothing', offset: 0, mutation: 'the step does nothing', text: '\n' }
    : { kind: 'throw', offset: 0, mutation: 'the step throws', text: `throw new Error('mutant'); ${code}` };
}

class CodeMutator {
  readonly #code: string;
  readonly #found: CodeMutant[] = [];
  /** Text that is no value of the step's: types, what is imported, names of properties. */
  readonly #passedOver: Range[] = [];
  /** Where an `await` stands whose value nobody uses: without it only the order in time is another. */
  readonly #unused = new Set<number>();
  readonly #program: Program;

  constructor(code: string, program: Program) {
    this.#code = code;
    this.#program = program;
  }

  mutants(): CodeMutant[] {
    const passOver = (node: Range | null | undefined) => node && this.#passedOver.push(node);
    const named = (node: { key: Range; computed: boolean }) => node.computed || passOver(node.key);
    new Visitor({
      Program: ({ body }) => this.#swap(body),
      BlockStatement: ({ body }) => this.#swap(body as Statement[]),
      ExpressionStatement: (node) => {
        if ('directive' in node && node.directive) passOver(node);
        if (node.expression.type === 'AwaitExpression') this.#unused.add(node.expression.start);
        if (isCall(node.expression)) this.#add('drop', node, `${quoted(this.#slice(node.expression))} is dropped`, node, ';');
      },
      VariableDeclarator: ({ init }) => {
        // Of one that is awaited, dropping the `await` is the finer thing.
        if (init?.type !== 'AwaitExpression' && init && isCall(init))
          this.#add('drop', init, `${quoted(this.#slice(init))} is dropped, and \`undefined\` stands in its place`, init, 'undefined');
      },
      AwaitExpression: (node) => this.#dropAwait(node),
      Literal: (node) => this.#changeLiteral(node),
      TemplateLiteral: (node) => this.#changeTemplate(node),
      ImportDeclaration: passOver,
      ImportExpression: ({ source }) => passOver(source),
      TaggedTemplateExpression: ({ quasi }) => passOver(quasi),
      Property: named,
      PropertyDefinition: named,
      MethodDefinition: named,
      TSTypeAnnotation: passOver,
      TSTypeAliasDeclaration: passOver,
      TSInterfaceDeclaration: passOver,
      TSTypeParameterInstantiation: passOver,
      TSLiteralType: passOver,
      TSAsExpression: ({ typeAnnotation }) => passOver(typeAnnotation),
      TSSatisfiesExpression: ({ typeAnnotation }) => passOver(typeAnnotation),
    }).visit(this.#program);
    return this.#found.filter(({ kind, offset }) => (kind === 'literal' ? !this.#isPassedOver(offset) : kind !== 'await' || !this.#unused.has(offset)));
  }

  /** The code with a range replaced, its line endings kept, so that every line stays where it is. */
  #add(kind: CodeMutant['kind'], { start }: Range, mutation: string, { start: from, end: to }: Range, replacement: string, shows?: string[]): void {
    const lines = this.#code.slice(from, to).split('\n').length - replacement.split('\n').length;
    const text = `${this.#code.slice(0, from)}${replacement}${'\n'.repeat(Math.max(0, lines))}${this.#code.slice(to)}`;
    this.#found.push({ kind, offset: start, mutation, text, ...(shows && { shows }) });
  }

  /** Two calls, one right after the other. */
  #swap(body: Statement[]): void {
    for (const [index, one] of body.entries()) {
      const other = body[index + 1];
      if (one.type !== 'ExpressionStatement' || other?.type !== 'ExpressionStatement' || !isCall(one.expression) || !isCall(other.expression)) continue;
      const [first, between, second] = [this.#slice(one), this.#code.slice(one.end, other.start), this.#slice(other)];
      if (first === second) continue;
      const mutation = `${quoted(first)} and ${quoted(second)} change places`;
      this.#add('swap', one, mutation, { start: one.start, end: other.end }, `${second}${between}${first}`);
    }
  }

  #dropAwait({ start, end }: Range): void {
    const keyword = { start, end: start + 'await'.length };
    this.#add('await', keyword, `\`await\` is dropped from ${quoted(this.#code.slice(start, end))}`, keyword, '');
  }

  #changeLiteral(node: Range & { value?: unknown; regex?: unknown }): void {
    const raw = this.#slice(node);
    const changed = changedLiteral(raw, node.value);
    const shows = typeof node.value === 'string' ? [shownOf(node.value)] : undefined;
    if (changed !== null) this.#add('literal', node, becomes(raw, changed), node, changed, shows);
  }

  #changeTemplate(node: Range & { quasis: { value: { cooked: string | null } }[] }): void {
    const raw = this.#slice(node);
    const changed = `${raw.slice(0, -1)}x\``;
    const shows = node.quasis.map(({ value }) => shownOf((value.cooked ?? '').trim())).filter((text) => text !== '');
    this.#add('literal', node, becomes(raw, changed), node, changed, shows);
  }

  #slice({ start, end }: Range): string {
    return this.#code.slice(start, end);
  }

  #isPassedOver(offset: number): boolean {
    return this.#passedOver.some(({ start, end }) => start <= offset && offset < end);
  }
}

/** A bucket is a stream, and a key a subject, of another name. */
function shownOf(text: string): string {
  return text.replace(/^KV_|^\$KV\.[^.]*\./, '');
}

/** Null for what is no value to change: a regular expression, `null`. */
function changedLiteral(raw: string, value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      return `${raw.slice(0, -1)}x${raw.slice(-1)}`;
    case 'number':
      return /^\d+$/.test(raw) ? String(value + 1) : `(${raw} + 1)`;
    case 'bigint':
      return `${value + 1n}n`;
    case 'boolean':
      return String(!value);
    default:
      return null;
  }
}

/** A call, awaited or not. */
function isCall(expression: Expression): boolean {
  if (expression.type === 'AwaitExpression') return isCall(expression.argument);
  if (expression.type === 'ChainExpression') return isCall(expression.expression as Expression);
  return expression.type === 'CallExpression';
}
