import path from 'node:path';
import js from '@eslint/js';
import playwright from 'eslint-plugin-playwright';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * What the rooms of src may import besides themselves: a room, or one file of it. A wing is entered by its door alone, which
 * is its index.ts; tests look behind it.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const mayImport = {
  engine: [],
  target: ['engine'],
  cancel: ['engine'],
  arrange: ['engine', 'target'],
  // A suite must not grade itself with its own cases.
  emulators: ['engine', 'cancel/personas'],
  // Of the endpoint it takes titles, what a verb looks at and what its failure means, and what is wrong with a persona.
  report: ['engine', 'cancel/areas', 'cancel/personas', 'cancel/verbs/index'],
  hosts: ['engine', 'target', 'cancel', 'arrange', 'emulators', 'report'],
  wings: ['engine', 'target', 'cancel', 'arrange', 'emulators', 'report', 'hosts', 'wings'],
  cli: ['engine', 'target', 'cancel', 'arrange', 'emulators', 'report', 'hosts', 'wings'],
};

/**
 * The room that a module is in, or the single wing.
 * @param {string} module path below src
 */
const roomOf = (module) =>
  module
    .split('/')
    .slice(0, module.startsWith('wings/') ? 2 : 1)
    .join('/');

/**
 * What is wrong with an import; null: nothing. What lies in no room, such as scripts and src/index.ts, may import from all of them.
 * @param {string} from path of the module below src, without extension
 * @param {string} to path of what it imports, the same way
 */
function objectionTo(from, to) {
  if (roomOf(from) === roomOf(to)) return null;
  if (to.startsWith('wings/') && to !== `${roomOf(to)}/index`) return `src/${roomOf(to)} has one door: its index.ts.`;
  const [room = ''] = from.split('/');
  const allowed = mayImport[room];
  if (!allowed || allowed.some((place) => to === place || to.startsWith(`${place}/`))) return null;
  return `src/${room} may import from: ${allowed.length > 0 ? allowed.join(', ') : 'no other room'}.`;
}

/** @typedef {{ readonly value?: unknown, readonly loc?: import('eslint').AST.SourceLocation | null }} Imported */

/**
 * Holds every import, static or dynamic, of values or of types, against the table.
 * @type {import('eslint').Rule.RuleModule}
 */
const rooms = {
  create(context) {
    /** @param {string} file */
    const below = (file) =>
      path
        .relative(path.join(import.meta.dirname, 'src'), file)
        .replaceAll(path.sep, '/')
        .replace(/\.[jt]sx?$/, '');
    /** @param {{ readonly source?: Imported | null }} node */
    const check = ({ source }) => {
      if (typeof source?.value !== 'string' || !source.value.startsWith('.')) return;
      const to = below(path.resolve(path.dirname(context.filename), source.value));
      const message = to.startsWith('../') ? null : objectionTo(below(context.filename), to);
      if (message !== null) context.report({ loc: source.loc, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};

export default defineConfig(
  { ignores: ['dist/', 'src/engine/models/', 'reports/', 'test-results/', 'node_modules/'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js', 'docs/examples/*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 3],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}', 'scripts/**/*.ts', 'bench/**/*.ts', 'playwright.config.ts'],
    plugins: { house: { rules: { rooms } } },
    rules: {
      'house/rooms': 'error',
      // What throws while a list of promises is made leaves those before it without anybody who waits for them.
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "CallExpression:matches([callee.object.name='Promise'], [callee.name='together']) > ArrayExpression[elements.length>1] > CallExpression > :matches(CallExpression, AwaitExpression).arguments",
          message: 'Compute what may throw before the list of promises is made.',
        },
      ],
    },
  },
  // What a target says may reach a terminal through one door alone, which takes from it what would act there.
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/hosts/io.ts', 'src/cli/main.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        ...['stdout', 'stderr'].map((property) => ({
          object: 'process',
          property,
          message: 'Print through src/hosts/io.ts.',
        })),
      ],
    },
  },
  // Playwright demands the pattern even where a fixture needs no other.
  {
    files: ['src/hosts/playwright/*.ts'],
    rules: { 'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }] },
  },
  // Examples are plain JavaScript that anybody may copy; without types, rules on types cannot tell anything.
  {
    files: ['docs/examples/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { console: 'readonly', process: 'readonly' } },
  },
  {
    ...playwright.configs['flat/recommended'],
    files: ['tests/**/*.ts', 'bench/**/*.ts'],
    rules: {
      ...playwright.configs['flat/recommended'].rules,
      // Playwright demands the pattern even where a fixture needs no other.
      'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }],
      // What could not be told is skipped at run time, never by declaration.
      'playwright/no-skipped-test': ['error', { allowConditional: true }],
    },
  },
);
