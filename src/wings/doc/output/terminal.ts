import picocolors from 'picocolors';
import { visibleModel } from '../../../report/visible.js';
import { counted } from '../../../report/words.js';
import type { Fact, PageContract, Permissions } from '../contract/model.js';
import type { DocReport, PageFinding, PageReading } from '../model.js';

type Colours = ReturnType<typeof picocolors.createColors>;

/** What was read, as text: the contract of each page in short, then its findings. Colour only underlines what the words say. */
export function renderDocTerminal(model: DocReport, { colour }: { readonly colour: boolean }): string {
  const report = visibleModel(model);
  const colours = picocolors.createColors(colour);
  const total = Object.values(report.totals.findings).reduce((sum, count) => sum + count, 0);
  const pages = report.pages.flatMap((page) => ['', ...pageLines(page, colours)]);
  return `${[headline(total, colours), ...pages].join('\n')}\n`;
}

function headline(total: number, colours: Colours): string {
  if (total === 0) return colours.bold(colours.green('✓ NO CONTRADICTION FOUND (exit code 0)'));
  return colours.bold(colours.yellow(`! ${counted(total, 'finding').toUpperCase()} (exit code 1)`));
}

function pageLines(page: PageReading, colours: Colours): readonly string[] {
  const { file, contract, closestEditions, edition, unresolved, findings } = page;
  const against = edition === null ? '' : `, held against ${edition}`;
  return [
    colours.bold(file),
    `  ${contract.title.value}; closest edition: ${closestEditions.join(' or ')}${against}`,
    ...contractLines(contract).map(([name, value]) => `    ${name.padEnd(nameWidth)} ${value}`),
    ...unresolved.map((text) => colours.yellow(`  ? not read: ${text}`)),
    ...findings.flatMap((found) => findingLines(file, found, colours)),
  ];
}

const nameWidth = 'delegated-personal'.length;

function contractLines(contract: PageContract): readonly (readonly [string, string])[] {
  const { bilingual, language, requests, retiring, headers, cancellable, success, content } = contract;
  const { exampleRequest, exampleResponse, permissions } = contract;
  return [
    ['language', `${language ?? 'not named'}${bilingual ? ', beside its source, which is read' : ''}`],
    ...requests.map(({ value, line }) => ['request', `${value.method} ${value.path} (line ${line})`] as const),
    ...(retiring ? [['retiring', at(retiring)] as const] : []),
    ...permissionLines(permissions),
    ['headers', list(headers.map(({ value }) => `${value.name}${value.required === true ? ' (required)' : ''}`))],
    ['cancellable', list(cancellable.map(({ value }) => value))],
    ['body', bodyInWords(contract)],
    ['prose status', list(success.map(({ value, line }) => `${value.status} ${value.reason} (line ${line})`))],
    ['prose content', content ?? unsaid],
    ['example sends', exampleRequest ? `${exampleRequest.value.method} ${exampleRequest.value.url}` : unsaid],
    ['example answers', exampleResponse ? statusLine(exampleResponse) : unsaid],
  ];
}

const unsaid = '(not said)';
const list = (values: readonly string[]): string => (values.length === 0 ? unsaid : values.join(', '));
const at = ({ value, line }: Fact<string>): string => `${value} (line ${line})`;
const statusLine = ({ value, line }: NonNullable<PageContract['exampleResponse']>): string =>
  `${value.status} ${value.reason} (line ${line})`;

function permissionLines(permissions: Permissions | null): readonly (readonly [string, string])[] {
  if (!permissions) return [['permissions', unsaid]];
  if (permissions.from === null) return [['permissions', `in the include ${permissions.include ?? ''}, not given`]];
  return permissions.rows.map(({ account, supported, least, higher }) => {
    const more = higher.length === 0 ? '' : `; higher: ${higher.join(', ')}`;
    return [account, supported ? `${least ?? ''}${more}` : 'not supported'] as const;
  });
}

function bodyInWords({ body }: PageContract): string {
  const { rule, resource, members, values, demandedOf } = body;
  if (rule === null) return unsaid;
  if (rule === 'none') return 'none is sent';
  const named = [...members.map(({ value }) => value), ...values.map(({ value }) => `"${value}"`)];
  const whose = demandedOf === null ? '' : `, demanded of ${demandedOf}`;
  return `a representation of ${resource ?? 'the resource'}; ${list(named)}${whose}`;
}

const symbols = { error: '✗', warning: '!', note: '•' } as const;
const abouts = { page: 'in the page', languages: 'between languages', edition: 'against the edition' } as const;

function findingLines(file: string, found: PageFinding, colours: Colours): readonly string[] {
  const { level, line, column, message, rule, segment, also, about, clause } = found;
  const paint = level === 'error' ? colours.red : colours.yellow;
  const where = segment === undefined ? '' : `, segment ${segment}`;
  const settled = clause === undefined ? '' : `, see ${clause}`;
  const beside = also ? [`      ${file}:${also.line}:${also.column}: ${also.message}`] : [];
  return [
    `  ${paint(symbols[level])} ${file}:${line}:${column}: ${message}`,
    `      ${rule}, ${abouts[about]}${where}${settled}`,
    ...beside,
  ];
}
