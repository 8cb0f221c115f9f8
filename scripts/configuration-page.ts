import type { Command, Option } from 'commander';
import { commandNames, declaredCommand } from '../src/cli/declarations.js';
import { readSchema } from '../src/engine/contract/schemas.js';
import { settingVariables } from '../src/target/environment.js';
import { code, table } from './markdown.js';
import { schemaTables, type SchemaNode } from './schema-tables.js';

/** The page of the docs that is made from the schema of target files, the variables and the options. */
export const configurationPage = 'docs/configuration.md';

type Setting = keyof typeof settingVariables;

/** Where a setting may stand besides its variable, and how the variable is written. */
const settings: Readonly<
  Record<Setting, { readonly option?: string; readonly key?: string; readonly written: string }>
> = {
  target: { option: '--target', written: 'path of a target file, or a URL' },
  edition: { option: '--edition', key: 'edition', written: 'id of an edition' },
  readings: { option: '--reading', key: 'readings', written: '`C-1=204`, several separated by commas' },
  baseUrl: { key: 'baseUrl', written: 'as in the file; only together with a target file that has one' },
  controlUrl: { key: 'requests.url', written: 'as in the file; only with the provider `control`, or a URL as target' },
  settleMs: { key: 'settleMs', written: 'as in the file' },
  timeoutMs: { key: 'timeoutMs', written: 'as in the file' },
  totalMs: { key: 'totalMs', written: 'as in the file' },
};

/** Variables besides those of the settings, and who reads them. */
const variables: readonly (readonly [names: string, readBy: string, meaning: string])[] = [
  [
    'CANCEL_CONTROL_KEY',
    'commands that call a target with a control protocol; `serve`',
    'Key of the control protocol. `serve` asks for it when it is set. A target file may name another variable under `requests.key`, which then has to be set.',
  ],
  [
    'CANCEL_TENANT_SECRET',
    '`serve --tenant`',
    'Secret of the application of the emulated tenant. Without it the application gets no token by a secret.',
  ],
  ['DOTENV_PATH', 'every command', 'Another file than `.env`.'],
  ['GITHUB_STEP_SUMMARY', '`run`', 'File that the summary is appended to. Set by GitHub Actions.'],
  ['GITHUB_OUTPUT', '`annotate --for github`', 'File that the outputs are appended to. Set by GitHub Actions.'],
];

/** Variables that libraries read for the suite. */
const librariesVariables: readonly (readonly [name: string, readBy: string, meaning: string])[] = [
  [
    'HTTPS_PROXY',
    'commands that call a target',
    'The proxy through which https is reached, as `http://host:port`, with `user:password@` where it asks for that. See [run-on-your-target.md](reach-the-target.md#a-proxy).',
  ],
  ['HTTP_PROXY', 'commands that call a target', 'The same for plain http.'],
  ['ALL_PROXY', 'commands that call a target', 'The same for both, where the one above is not set.'],
  [
    'NO_PROXY',
    'commands that call a target',
    'Who is reached without a proxy, separated by commas: `host`, `host:port`, `.domain` for all below it, `*` for everybody. This machine always is.',
  ],
  [
    'NODE_EXTRA_CA_CERTS',
    'commands that call a target',
    'PEM file with authorities that are trusted besides the usual ones, by the target as long as it has no `tls.ca`. Not from `.env`: Node.js reads it when it starts.',
  ],
  [
    'NODE_TLS_REJECT_UNAUTHORIZED',
    'commands that call a target',
    '`0`: Node.js verifies no certificate, so that anybody may answer in the place of the target; `doctor` says so. Better: `tls.ca`.',
  ],
  ['FORCE_COLOR', 'every command', 'Set to anything but `0` and `false`: colour where no terminal is, too.'],
  ['NO_COLOR', 'every command', 'Set to anything: no colour, whatever FORCE_COLOR says.'],
  ['TERM', 'every command', '`dumb`: no colour, and no line that changes.'],
  [
    'NODE_COMPILE_CACHE',
    'every command',
    'Folder of compiled code, kept from run to run by Node.js 22.1 or newer; default `cancel-conformance` in the next.',
  ],
  ['XDG_CACHE_HOME', 'every command', 'Folder of what can be lost; default `~/.cache`.'],
  ['NODE_DISABLE_COMPILE_CACHE', 'every command', '`1`: no compiled code is kept.'],
];

/** Every key, variable and option, as a page of the docs. */
export function renderConfiguration(): string {
  const schema = JSON.parse(readSchema('suite/target')) as SchemaNode;
  const commands = commandNames.map(declaredCommand);
  return [
    '# Configuration',
    '',
    '<!-- Made by `npm run pages` from schemas/suite/target.schema.json, the variables and the options. Edits are lost. -->',
    '',
    'A setting is taken from the option of the command line, else from the variable, else from the target file, else it is the',
    'default. `doctor` and the report show each with where it came from. What may stand in several places:',
    '',
    ...table(
      ['option', 'variable', 'key of the target file', 'the variable holds'],
      Object.keys(settings).map(settingRow),
    ),
    '',
    'An empty one of these variables counts as not set. They hold for the commands that have `--target`, and for `run(options)`.',
    '',
    '## Target file',
    '',
    schema.description ?? '',
    '',
    'An unknown key is refused. An editor that knows YAML schemas helps when the first line names',
    '[target.schema.json](../schemas/suite/target.schema.json), as in the files that `init` writes. Between `/` stands a pattern for keys;',
    '`[]` is an entry of a list.',
    '',
    ...schemaTables(schema),
    '## Variables',
    '',
    'Variables are taken from the environment, else from the file `.env` in the working directory. Besides those above:',
    '',
    ...table(
      ['variable', 'read by', 'meaning'],
      [...variables, ...librariesVariables].map(([name, readBy, meaning]) => [code(name), readBy, meaning]),
    ),
    '',
    'Variables of **secrets and tokens** have the names that the target file gives them, under `env`; `CANCEL_TOKEN_ADMINISTRATOR` and',
    'the like are what `init` proposes. A command that prints a token gets the whole environment.',
    '',
    'Of `.env` only variables are taken that the suite itself has (`CANCEL_…`) or that the target file names under `env`: a file that serves',
    'other programs as well changes nothing else here, and a command that prints a token gets nothing else of it. A value with a `#` in it',
    'stands in quotes; one that is cut off at it is refused. So is a variable there that steers Node.js, a loader, a shell, proxies or authorities',
    'of certificates, such as `NODE_TLS_REJECT_UNAUTHORIZED`, where the target file names it.',
    '',
    'Those of proxies may be written in lower case, which wins; they are read from the environment, and not from `.env`.',
    '',
    '## Options',
    '',
    'Exit codes: [exit-codes.md](exit-codes.md).',
    '',
    ...commands.flatMap(sectionOf),
  ].join('\n');
}

function settingRow(name: string): readonly string[] {
  const setting = name as Setting;
  const { option, key, written } = settings[setting];
  return [option, settingVariables[setting], key].map((text) => (text === undefined ? '' : code(text))).concat(written);
}

function sectionOf(command: Command): readonly string[] {
  const isOfTarget = command.options.some(({ long }) => long === '--target');
  const arguments_ = command.registeredArguments.map((argument) => [
    code(argument.required ? `<${argument.name()}>` : `[${argument.name()}]`),
    code(shown(argument.defaultValue)),
    '',
    argument.description,
  ]);
  const options = command.options.map((option) => [
    code(option.flags),
    code(shown(option.defaultValue)),
    isOfTarget ? elsewhere(option) : '',
    described(option),
  ]);
  const rows = [...arguments_, ...options].map((cells) => cells.map((cell) => (cell === '``' ? '' : cell)));
  return [
    `### ${command.name()}`,
    '',
    ...(rows.length === 0
      ? ['No options.']
      : table(['option or argument', 'default', 'variable, key', 'meaning'], rows)),
    '',
  ];
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : '');

const described = ({ description, argChoices, mandatory }: Option): string =>
  [description, ...(argChoices ? [`one of ${argChoices.join(', ')}`] : []), ...(mandatory ? ['required'] : [])].join(
    '; ',
  );

/** The variable and the key that say the same as an option. */
function elsewhere({ long }: Option): string {
  const [name, setting] = Object.entries(settings).find(([, { option }]) => option === long) ?? [];
  if (name === undefined || setting === undefined) return '';
  const key = setting.key === undefined ? [] : [code(setting.key)];
  return [code(settingVariables[name as Setting]), ...key].join(', ');
}
