import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import prettier from 'prettier';
import { parseDocument, type Node } from 'yaml';
import { areaIds } from '../src/cancel/areas.js';
import { personaNames, personas, type Persona } from '../src/cancel/personas.js';
import type { PersonaRule } from '../src/engine/endpoint.js';
import { packageRoot } from '../src/engine/package.js';
import { code, table } from './markdown.js';

/** Puts a list as the tables have it in the place of the one that stands in a text. */
type Replacement = (text: string) => string;

/** A file that lists what has its home elsewhere: in a table of src/cancel, or in the titles of the pages. */
interface ListingFile {
  /** Below the root of the package. */
  readonly file: string;
  readonly replacements: readonly Replacement[];
}

const ruleOf = (name: Persona): PersonaRule => personas[name];

/** @throws Error when the text has no such place, because then nobody would keep the list. */
const where =
  (place: RegExp, list: string): Replacement =>
  (text) => {
    if (text.search(place) === -1) throw new Error(`there is no ${String(place)}`);
    return text.replace(place, () => list);
  };

/** The value at a path of keys in a JSON file; all else stays as it is written. */
const at =
  (keys: readonly string[], value: unknown): Replacement =>
  (text) => {
    const node = parseDocument(text).getIn(keys, true) as Node | undefined;
    if (!node?.range) throw new Error(`there is no ${keys.join('.')}`);
    const [begin, end] = node.range;
    return text.slice(0, begin) + JSON.stringify(value, null, 2) + text.slice(end);
  };

const inSchema = (name: string): string => `schemas/suite/${name}.schema.json`;

const areaEnum = where(/"enum": \[[^\]]*"STATE"[^\]]*\]/, `"enum": ${JSON.stringify(areaIds)}`);
const areaPattern = where(/(?<=\^CANCEL-\()[A-Z|]+(?=\))/, areaIds.join('|'));
const knownPersonas = where(/(?<=Known today: )administrator\b[^.]*(?=\.)/, personaNames.join(', '));

function described(name: Persona): string {
  const { is, defect } = ruleOf(name);
  return `Token of ${is}${defect === null ? '' : `; its one defect: ${defect}`}.`;
}

const identities = Object.fromEntries(
  personaNames.map((name) => [name, { $ref: '#/$defs/identity', description: described(name) }]),
);

const owners = Object.fromEntries(
  personaNames
    .filter((name) => ruleOf(name).ownsNothing !== true)
    .map((name) => [name, { $ref: '#/$defs/ids', description: `Requests that belong to the persona ${name}.` }]),
);

/** Comments of a target file, as wide as those around them. */
function personasInComments(): string {
  const lines = ['# Every persona:'];
  for (const word of personaNames.map((name, index) => `${name}${index === personaNames.length - 1 ? '.' : ','}`)) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length < 120) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`# ${word}`);
  }
  return lines.join('\n');
}

const personasTable = [
  '<!-- Made by `npm run pages` from src/cancel/personas.ts. Edits are lost. -->',
  '',
  ...table(
    ['persona', 'what it is', 'its one defect', 'permission on a live tenant'],
    personaNames.map((name) => {
      const { is, defect, permission } = ruleOf(name);
      return [code(name), is, defect ?? 'none', permission ?? 'none of the usual ones'];
    }),
  ),
  '',
  '<!-- So far it is made. -->',
].join('\n');

const tableOfPersonas = where(
  /<!-- Made by `npm run pages` from src\/cancel\/personas\.ts[^]*?<!-- So far it is made\. -->/,
  personasTable,
);
const commentOfPersonas = where(/^# Every persona:[^.]*\./m, personasInComments());

/**
 * Every page of the docs by its title. Which reader a page is for is a choice, and stands above; that none is lost is not.
 * @throws Error for a page without a title
 */
function listOfPages(): string {
  const names = readdirSync(path.join(packageRoot, 'docs')).filter(
    (name) => name.endsWith('.md') && name !== 'README.md',
  );
  const pages = names.map((name) => {
    const title = /^# (.+)$/m.exec(readFileSync(path.join(packageRoot, 'docs', name), 'utf8'))?.[1];
    if (title === undefined) throw new Error(`docs/${name} has no title: a line that begins with "# "`);
    return { name, title };
  });
  const inOrder = pages.toSorted((a, b) => a.title.localeCompare(b.title, 'en'));
  return [
    '<!-- Made by `npm run pages` from the titles of the pages. Edits are lost. -->',
    '',
    ...inOrder.map(({ name, title }) => `- [${title}](${name})`),
    '',
    '<!-- So far it is made. -->',
  ].join('\n');
}

const everyPage: Replacement = (text) =>
  where(/<!-- Made by `npm run pages` from the titles[^]*?<!-- So far it is made\. -->/, listOfPages())(text);

/** Every file with a list that is made from a table, but for whole pages. */
export const listingFiles: readonly ListingFile[] = [
  { file: inSchema('requirements'), replacements: [areaEnum, areaPattern] },
  { file: inSchema('report'), replacements: [areaEnum, areaPattern] },
  { file: inSchema('comparison'), replacements: [areaEnum, areaPattern] },
  { file: inSchema('contested'), replacements: [at(['$defs', 'persona', 'enum'], personaNames)] },
  { file: inSchema('target'), replacements: [at(['properties', 'identities', 'properties'], identities)] },
  { file: inSchema('inventory'), replacements: [at(['$defs', 'owners', 'properties'], owners)] },
  { file: 'schemas/wire/control-description.schema.json', replacements: [knownPersonas] },
  { file: 'schemas/wire/control-token-request.schema.json', replacements: [knownPersonas] },
  { file: 'docs/control-protocol.md', replacements: [tableOfPersonas] },
  { file: 'docs/live-tenant-identities.md', replacements: [tableOfPersonas] },
  { file: 'docs/README.md', replacements: [everyPage] },
  { file: 'targets/control.example.yaml', replacements: [commentOfPersonas] },
  { file: 'targets/graph.example.yaml', replacements: [commentOfPersonas] },
  { file: 'targets/inventory.example.yaml', replacements: [commentOfPersonas] },
];

/** A listing file as it is on the disk, and as the tables make it. */
export async function renderLists({
  file,
  replacements,
}: ListingFile): Promise<{ readonly present: string; readonly due: string }> {
  const place = path.join(packageRoot, file);
  const present = readFileSync(place, 'utf8');
  try {
    const due = replacements.reduce((text, replaced) => replaced(text), present);
    const options = await prettier.resolveConfig(place);
    return { present, due: await prettier.format(due, { ...options, filepath: place }) };
  } catch (cause) {
    throw new Error(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
