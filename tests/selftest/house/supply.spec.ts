import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { licenceProblems, type Lockfile } from '../../../scripts/licences.js';
import { exitCodeMeanings } from '../../../src/cli/exit-codes.js';
import { packageRoot, packageVersion } from '../../../src/engine/package.js';
import { environmentOf } from '../support/cli.js';

const execute = promisify(execFile);
const textOf = (...file: readonly string[]): string => readFileSync(path.join(packageRoot, ...file), 'utf8');

const lockfile = JSON.parse(textOf('package-lock.json')) as Lockfile;
const manifest = JSON.parse(textOf('package.json')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

test.describe('licences', () => {
  test('of all dependencies are allowed', () => {
    expect(Object.keys(lockfile.packages).length).toBeGreaterThan(100);
    expect(licenceProblems(lockfile)).toEqual([]);
  });

  for (const [what, locked, says] of [
    [
      'a licence that binds users',
      { license: 'AGPL-3.0-only' },
      ['x@1.0.0: the licence AGPL-3.0-only is not allowed for what users get'],
    ],
    ['one that binds nobody but is for development only', { license: 'MPL-2.0', dev: true }, []],
    ['the same for users', { license: 'MPL-2.0' }, ['x@1.0.0: the licence MPL-2.0 is not allowed for what users get']],
    [
      'one that nobody may develop with',
      { license: 'BUSL-1.1', dev: true },
      ['x@1.0.0: the licence BUSL-1.1 is not allowed for development'],
    ],
    ['none at all', {}, ['x@1.0.0: no licence is stated']],
    ['a choice with one that is allowed', { license: '(GPL-3.0-only OR MIT)' }, []],
    [
      'two that both hold',
      { license: 'MIT AND GPL-3.0-only' },
      ['x@1.0.0: the licence MIT AND GPL-3.0-only is not allowed for what users get'],
    ],
  ] as const) {
    test(`judges ${what}`, () => {
      expect(licenceProblems({ packages: { '': {}, 'node_modules/x': { version: '1.0.0', ...locked } } })).toEqual(
        says,
      );
    });
  }
});

interface BillOfMaterials {
  readonly bomFormat: string;
  readonly metadata: { readonly component: { readonly purl: string } };
  readonly components: readonly (Readonly<Record<'version' | 'licenses' | 'hashes', unknown>> & {
    readonly name: string;
    readonly properties: readonly { readonly name: string; readonly value: string }[];
  })[];
}

// `npm sbom --omit dev` would leave out whatever something of development needs as well, so the bill lists all and marks those.
test('the bill of materials lists all parts with version, licence and checksum, and tells what users get', async () => {
  const { stdout } = await execute('npm', ['run', '--silent', 'sbom'], { cwd: packageRoot, env: environmentOf({}) });
  const bill = JSON.parse(stdout) as BillOfMaterials;
  expect(bill.bomFormat).toBe('CycloneDX');
  expect(bill.metadata.component.purl).toBe(`pkg:npm/cancel-conformance@${packageVersion()}`);
  for (const { name, version, licenses, hashes } of bill.components) {
    expect([version, licenses, hashes], name).not.toContain(undefined);
  }
  const isForDevelopment = ({ properties }: BillOfMaterials['components'][number]): boolean =>
    properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');
  const forUsers = bill.components.filter((part) => !isForDevelopment(part)).map(({ name }) => name);
  const locked = Object.entries(lockfile.packages).filter(([folder, { dev }]) => folder !== '' && dev !== true);
  expect(forUsers.sort()).toEqual(locked.map(([folder]) => folder.replace(/^.*node_modules\//, '')).sort());
  expect(forUsers).toEqual(expect.arrayContaining(Object.keys(manifest.dependencies)));
});

test('the changelog has an entry for this version, and the newest stands first', () => {
  const versions = [...textOf('CHANGELOG.md').matchAll(/^## (\d+\.\d+\.\d+)/gm)].map(([, version]) => version);
  expect(versions[0]).toBe(packageVersion());
  expect(new Set(versions).size).toBe(versions.length);
});

test('README, recipes and the policy on versions speak of every exit code', () => {
  const codes = exitCodeMeanings.map(({ code }) => code);
  expect(codes).toEqual([0, 1, 2, 3, 4, 129, 130, 143]);
  const [, inReadme = ''] = /^\[exit code\]\(docs\/exit-codes\.md\): (.*?)\./ms.exec(textOf('README.md')) ?? [];
  const [, policy = ''] = textOf('docs', 'versioning.md').split('## Exit codes');
  for (const place of [inReadme, policy, textOf('docs', 'ci.md').split('##')[0] ?? '']) {
    for (const code of codes) expect(place).toMatch(new RegExp(`\\b${code}\\b`));
  }
});

interface IssueForm {
  readonly name: string;
  readonly description: string;
  readonly body: readonly {
    readonly type: string;
    readonly id?: string;
    readonly attributes?: { readonly label?: string };
    readonly validations?: { readonly required?: boolean };
  }[];
}

test('the form of a challenge asks for all the evidence that the process needs', () => {
  const form = parse(textOf('.github', 'ISSUE_TEMPLATE', 'challenge-a-check.yml')) as IssueForm;
  const fields = form.body.filter(({ type }) => type !== 'markdown');
  const ids = fields.map(({ id = '' }) => id);
  expect([form.name, form.description, ...fields.map(({ attributes }) => attributes?.label)]).not.toContain(undefined);
  expect(new Set(ids).size).toBe(ids.length);
  expect(
    fields.map(({ type }) => type).filter((type) => !['input', 'textarea', 'dropdown', 'checkboxes'].includes(type)),
  ).toEqual([]);
  const required = fields.filter(({ validations }) => validations?.required === true).map(({ id }) => id);
  expect(required).toEqual(['check', 'version', 'edition', 'claim', 'source', 'evidence']);
  const page = textOf('docs', 'challenge-a-check.md');
  for (const { attributes } of fields) expect(page).toContain(`**${attributes?.label ?? ''}**`);
});
