import js from '@eslint/js';
import playwright from 'eslint-plugin-playwright';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * The pipeline's import boundaries: for each stage, the stages whose modules it may import.
 * `run` conducts the stages, `prove` many runs, `rejudge` the pure ones once more on a finished run, and `compare` reads what
 * runs left; `doc` reads pages of the documentation and shows a run on them; only `cli` stands above them. `reference` may
 * not see `checks`: a suite must not grade itself with its own code.
 */
const mayImport = {
  evidence: [],
  contract: ['evidence'],
  target: ['contract'],
  checks: ['contract', 'evidence'],
  plan: ['contract', 'target', 'checks'],
  arrange: ['contract', 'evidence'],
  exchange: ['evidence'],
  verdict: ['contract', 'evidence', 'checks', 'plan'],
  report: ['contract', 'evidence', 'verdict'],
  compare: ['contract', 'evidence', 'verdict', 'report'],
  doc: ['contract', 'evidence', 'verdict', 'report'],
  reference: ['contract', 'evidence'],
  tenant: ['contract', 'evidence', 'reference'],
  run: [
    'contract',
    'evidence',
    'target',
    'checks',
    'plan',
    'arrange',
    'exchange',
    'verdict',
    'report',
    'reference',
    'doc',
  ],
  prove: ['contract', 'target', 'checks', 'plan', 'report', 'reference', 'run'],
  rejudge: ['contract', 'evidence', 'target', 'checks', 'plan', 'verdict', 'report', 'run'],
};

const boundaries = Object.entries(mayImport).map(([stage, allowed]) => ({
  files: [`src/${stage}/**/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(\\.\\./)+(?!(\\.\\./|${[stage, ...allowed].join('/|')}/))(${[...Object.keys(mayImport), 'cli'].join('|')})/`,
            message: `src/${stage} may import from: ${allowed.join(', ') || 'no other stage'}.`,
          },
        ],
      },
    ],
  },
}));

export default defineConfig(
  { ignores: ['dist/', 'reports/', 'test-results/', 'node_modules/'] },
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
  ...boundaries,
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
