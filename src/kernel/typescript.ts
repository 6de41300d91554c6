/** A parsed step → the parts of it that are erased before it runs, and the first TypeScript that is more than types, which Node refuses. */
import { type Program, Visitor } from 'oxc-parser';

interface Range {
  start: number;
  end: number;
}

export interface TypeScriptParts {
  /** Code that is gone at run time although it names values: `typeof x` as a type, whatever is only declared. */
  erased: Range[];
  /** Null: nothing but types. */
  more: { message: string; offset: number } | null;
}

const REFUSED = {
  enum: 'an enum is more than types, and Node strips only types; use an object and `as const`',
  namespace: 'a namespace that holds values is more than types, and Node strips only types; use an object or a module of its own',
  module: 'Node does not take the keyword `module`; write `namespace`',
  property: 'a parameter property is more than types, and Node strips only types; declare the field and assign to it in the constructor',
  importEquals: '`import x = …` is more than types, and Node strips only types; write `import x from …` or `const x = …`',
  assertion: 'Node does not strip the assertion `<Type>value`; write `value as Type`',
  accessor: 'Node does not know `accessor` fields; write a getter and a setter',
  decorator: 'Node does not know decorators; call the function by itself',
} as const;

type Statement = Program['body'][number];
type Namespace = Extract<Statement, { type: 'TSModuleDeclaration' }>;

export function typeScriptParts(program: Program): TypeScriptParts {
  const erased: Range[] = [];
  const refused: { kind: keyof typeof REFUSED; offset: number }[] = [];
  const take = (ambient: boolean, node: Range, kind: keyof typeof REFUSED | null) => {
    if (ambient) erased.push(node);
    else if (kind !== null) refused.push({ kind, offset: node.start });
  };
  new Visitor({
    TSTypeQuery: (node) => take(true, node, null),
    TSDeclareFunction: (node) => take(true, node, null),
    VariableDeclaration: (node) => take(node.declare === true, node, null),
    ClassDeclaration: (node) => take(node.declare === true, node, null),
    TSEnumDeclaration: (node) => take(node.declare === true, node, 'enum'),
    TSModuleDeclaration(node) {
      if (node.kind === 'module' && node.id.type === 'Identifier') take(false, node, 'module');
      else take(node.declare === true || holdsOnlyTypes(node), node, 'namespace');
    },
    TSImportEqualsDeclaration: (node) => take(node.importKind === 'type', node, 'importEquals'),
    TSParameterProperty: (node) => take(false, node, 'property'),
    TSTypeAssertion: (node) => take(false, node, 'assertion'),
    AccessorProperty: (node) => take(false, node, 'accessor'),
    Decorator: (node) => take(false, node, 'decorator'),
  }).visit(program);
  const first = refused.filter(({ offset }) => !isErased(erased, offset)).sort((one, other) => one.offset - other.offset)[0];
  return { erased, more: first === undefined ? null : { message: REFUSED[first.kind], offset: first.offset } };
}

export function isErased(erased: Range[], offset: number): boolean {
  return erased.some(({ start, end }) => start <= offset && offset < end);
}

/** As Node judges it: one `declare const` in a namespace, and it is refused. */
function holdsOnlyTypes({ body }: Namespace): boolean {
  if (body == null) return true;
  if ((body.type as string) === 'TSModuleDeclaration') return holdsOnlyTypes(body as unknown as Namespace);
  return body.body.every((statement) => {
    const inner = statement.type === 'ExportNamedDeclaration' && statement.declaration ? statement.declaration : statement;
    if (inner.type === 'TSModuleDeclaration') return holdsOnlyTypes(inner);
    return inner.type === 'TSInterfaceDeclaration' || inner.type === 'TSTypeAliasDeclaration';
  });
}

/** Words of TypeScript that are no nodes of their own but properties of one. */
const WORDS = ['abstract', 'accessibility', 'declare', 'definite', 'override', 'readonly'];

/** Whether anything in the tree is to be stripped. In case of doubt it is. */
export function holdsTypes(node: unknown): boolean {
  if (node === null || typeof node !== 'object') return false;
  if (Array.isArray(node)) return node.some(holdsTypes);
  const found = node as Record<string, unknown>;
  const { type, optional, importKind, exportKind } = found;
  if (String(type).startsWith('TS') || importKind === 'type' || exportKind === 'type') return true;
  // Of a parameter or a member; `a?.b` is JavaScript.
  if (optional === true && type !== 'MemberExpression' && type !== 'CallExpression') return true;
  return WORDS.some((word) => Boolean(found[word])) || Object.values(found).some(holdsTypes);
}
