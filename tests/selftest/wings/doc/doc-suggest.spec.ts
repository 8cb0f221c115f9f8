import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { applyPatch } from 'diff';
import { parse } from 'yaml';
import { loadContract } from '../../../../src/cancel/contract.js';
import { leave } from '../../support/compared-runs.js';
import { expect } from '../../support/cli.js';
import { doc, foundIn, pageText, placePages, readDoc } from '../../support/doc-pages.js';
import { test } from '../../support/finished-runs.js';

const run = promisify(execFile);

/** The page on which prose and example disagree, nothing names a Content-Type and the example shows no Authorization. */
const contradicting = pageText('sound.en-US.md')
  .replace('HTTP/1.1 200 OK', 'HTTP/1.1 206 Partial Content')
  .replaceAll(/^(?:\|Content-Type.*|Content-Type: .*|Authorization: .*)\n/gm, '');
const findings = ['62:1 authorization-not-shown', '64:1 content-type-not-named', '82:1 success-status'];

test('the diff applies, and the page then says what the run saw', async ({ folder, runs }) => {
  writeFileSync(path.join(folder, 'page.md'), contradicting);
  const report = leave(folder, 'run', runs.conformant);
  expect(foundIn(await readDoc(folder, ['page.md']))).toEqual(findings);
  const { exitCode, stdout, stderr } = await doc(folder, 'page.md', '--suggest', report, '--out', 'out');
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^The run saw 204 in each of \d+ successes\. To correct:/);
  expect(stderr).toContain('page.md is closest to beta-2026-06, and the run was judged by beta-2021-05');
  const diff = path.join(folder, 'out', 'page.diff');
  await run('git', ['apply', diff], { cwd: folder });
  expect(foundIn(await readDoc(folder, ['page.md']))).toEqual([]);
  const corrected = readFileSync(path.join(folder, 'page.md'), 'utf8');
  expect(corrected).toContain('answered with `204 No Content`');
  expect(corrected).toContain('HTTP/1.1 204 No Content\n');
  expect(corrected).toContain('|Content-Type|application/json|\n');
  expect(corrected).toMatch(/cancel\nAuthorization: Bearer \{token\}\nContent-Type: application\/json\n\n\{/);
  const again = await doc(folder, 'page.md', '--suggest', report, '--out', 'out');
  expect(again.stdout).toContain('nothing to correct');
  expect(again.exitCode).toBe(0);
  expect(readFileSync(diff, 'utf8')).toBe('');
});

test('corrects both languages of a page, and keeps its line ends and its mark', async ({ folder, runs }) => {
  const text = `\ufeff${pageText('side-by-side.ar-SA.md').replaceAll('\n', '\r\n')}`;
  writeFileSync(path.join(folder, 'page.md'), text);
  await doc(folder, 'page.md', '--suggest', leave(folder, 'run', runs.conformant), '--out', 'out');
  const corrected = applyPatch(text, readFileSync(path.join(folder, 'out', 'page.diff'), 'utf8'));
  expect(corrected === false ? '' : corrected.replaceAll('\r\n', '')).not.toContain('\n');
  expect(corrected === false ? [] : corrected.match(/204 No Content/g)).toHaveLength(3);
  expect(corrected).toMatch(/^\ufeff---\r\n/);
});

interface Action {
  readonly target: string;
  readonly update?: Readonly<Record<string, unknown>>;
  readonly remove?: boolean;
}

test('the overlay leaves the status that was seen as the only success of the operation', async ({ folder, runs }) => {
  placePages(folder, 'sound.en-US.md');
  const report = leave(folder, 'run', runs.conformant);
  await doc(folder, 'sound.en-US.md', '--suggest', report, '--out', 'out');
  const overlay = parse(readFileSync(path.join(folder, 'out', 'overlay.yaml'), 'utf8')) as {
    readonly overlay: string;
    readonly actions: readonly Action[];
  };
  expect(overlay.overlay).toBe('1.0.0');
  const document = structuredClone(loadContract().openapi);
  for (const action of overlay.actions) apply(action, document);
  const responses = Object.values(document.paths ?? {}).find((item) => item?.post)?.post?.responses;
  expect(Object.keys(responses ?? {}).filter((status) => status.startsWith('2'))).toEqual(['204']);
  expect(responses?.['204']).toMatchObject({
    description: expect.stringContaining('Cancelled'),
    'x-observed': { run: runs.conformant.run.id, edition: 'beta-2021-05' },
  });
});

/** One action of an overlay; its target is a path of names, each behind a dot or in quotes. */
function apply({ target, update, remove }: Action, document: object): void {
  const names = Array.from(target.matchAll(/\.(\w+)|\['([^']+)'\]/g), ([, plain, quoted]) => plain ?? quoted ?? '');
  const last = remove === true ? names.pop() : undefined;
  const place = names.reduce<unknown>((node, name) => (node as Record<string, unknown>)[name], document) as Record<
    string,
    object
  >;
  expect(place).toBeDefined();
  if (last !== undefined) expect(Reflect.deleteProperty(place, last)).toBe(true);
  for (const [name, value] of Object.entries(update ?? {})) place[name] = { ...place[name], ...(value as object) };
}

test('proposes nothing from a run that proves nothing, and says why', async ({ folder, runs }) => {
  placePages(folder, 'sound.en-US.md');
  const reports = {
    mixed: runs.nonconformant,
    faulty: { ...runs.conformant, suiteFaults: ['made up'] },
    silent: { ...runs.conformant, exchanges: [] },
  };
  const ends = await Promise.all(
    Object.entries(reports).map(([name, report]) =>
      doc(folder, 'sound.en-US.md', '--suggest', leave(folder, name, report), '--out', 'out'),
    ),
  );
  expect(ends.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2]);
  expect(ends.map(({ stderr }) => stderr)).toEqual([
    expect.stringContaining('successes were answered with 200 and 204'),
    expect.stringContaining('the suite itself was at fault'),
    expect.stringContaining('no cancel succeeded'),
  ]);
  const nowhere = await doc(folder, 'sound.en-US.md', '--suggest', path.join(folder, 'mixed'));
  expect(nowhere.stderr).toContain('say into which folder with --out');
  expect(nowhere.exitCode).toBe(2);
});
