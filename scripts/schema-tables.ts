import { code, table } from './markdown.js';

/** What these tables read of a JSON Schema; keywords that only restrict by condition are told in the descriptions. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

/** A key and what holds there. */
interface Place {
  readonly path: string;
  readonly node: SchemaNode;
  readonly required: boolean;
}

/** Every key of a schema in tables: its own, and one table for each definition that has keys and is referred to. */
export function schemaTables(schema: SchemaNode): readonly string[] {
  const defs = schema.$defs ?? {};
  const shared = Object.entries(defs).filter(([, { properties }]) => properties !== undefined);
  return [
    ...keysTable(schema, defs),
    '',
    ...shared.flatMap(([, def]) => [`### ${titleOf(def)}`, '', def.description ?? '', '', ...keysTable(def, defs), '']),
  ];
}

type Defs = Readonly<Record<string, SchemaNode>>;

function keysTable(schema: SchemaNode, defs: Defs): readonly string[] {
  const rows = placesIn(schema, '', defs).map(({ path, node, required }) => {
    const whole = resolved(node, defs);
    const bounds = [...(required ? ['required'] : []), ...constraintsOf(whole)];
    return [
      code(path),
      typeOf(node, defs),
      'default' in whole ? code(String(whole.default)) : '',
      bounds.join('; '),
      whole.description ?? '',
    ];
  });
  return table(['key', 'type', 'default', 'bounds', 'meaning'], rows);
}

/** All keys below a node, in the order of the schema; those of a definition that has a table of its own stand there. */
function placesIn(node: SchemaNode, path: string, defs: Defs): readonly Place[] {
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const named = Object.entries(node.properties ?? {}).map(([name, child]) => ({
    path: below(name),
    node: child,
    required: node.required?.includes(name) === true,
  }));
  const patterned = Object.entries(node.patternProperties ?? {}).map(([pattern, child]) => ({
    path: below(`/${pattern}/`),
    node: child,
    required: false,
  }));
  const own = [...named, ...patterned].flatMap((place) => [place, ...placesIn(place.node, place.path, defs)]);
  return node.items ? [...own, ...placesIn(node.items, `${path}[]`, defs)] : own;
}

function resolved(node: SchemaNode, defs: Defs): SchemaNode {
  const def = node.$ref === undefined ? undefined : defs[node.$ref.replace('#/$defs/', '')];
  return { ...def, ...node };
}

const titleOf = ({ title }: SchemaNode): string => title ?? '';

/** The type in words; one with a table of its own is a link to it. */
function typeOf(node: SchemaNode, defs: Defs): string {
  const whole = resolved(node, defs);
  const { type, items, anyOf, properties } = whole;
  if (whole.const !== undefined) return code(JSON.stringify(whole.const));
  if (whole.enum) return whole.enum.map(code).join(', ');
  if (anyOf) return anyOf.map((one) => typeOf(one, defs)).join(', or ');
  if (type === 'array') return items ? `list of ${typeOf(items, defs)}` : 'list';
  if (type === 'object' && node.$ref !== undefined && properties) {
    return `[${titleOf(whole)}](#${titleOf(whole).toLowerCase().replaceAll(' ', '-')})`;
  }
  return type === undefined ? '' : typeWords[type];
}

const typeWords: Readonly<Record<Exclude<SchemaNode['type'], undefined>, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: '`true`, `false`',
  array: 'list',
  object: 'keys',
};

function constraintsOf(node: SchemaNode): readonly string[] {
  const { minimum, exclusiveMinimum, maximum, minLength, maxLength, pattern, format } = node;
  const { minItems, maxItems, uniqueItems, minProperties, maxProperties } = node;
  const said: readonly (string | false)[] = [
    minimum !== undefined && `from ${minimum}`,
    exclusiveMinimum !== undefined && `more than ${exclusiveMinimum}`,
    maximum !== undefined && `to ${maximum}`,
    minLength !== undefined && `${minLength} character or more`,
    maxLength !== undefined && `${maxLength} characters at most`,
    format !== undefined && `a ${format}`,
    pattern !== undefined && (pattern === String.raw`\S` ? 'not blank' : code(pattern)),
    minItems !== undefined && `${minItems} or more`,
    maxItems !== undefined && `${maxItems} at most`,
    uniqueItems === true && 'none twice',
    minProperties !== undefined && minProperties === maxProperties && `exactly ${minProperties} of its keys`,
  ];
  return said.filter((one) => one !== false);
}
