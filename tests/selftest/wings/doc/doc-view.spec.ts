import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse, stringify } from 'yaml';
import { violationsOn } from '../../support/accessibility.js';
import { expect, runCli } from '../../support/cli.js';
import { leave } from '../../support/compared-runs.js';
import { doc, pageText, placePages } from '../../support/doc-pages.js';
import { hostileText, test as withRuns } from '../../support/finished-runs.js';

const test = withRuns.extend<{ open: (file: string) => Promise<void> }>({
  /** Opens a page that may say nothing and ask for nothing but itself. */
  open: async ({ page }, use) => {
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('dialog', (dialog) => said.push(dialog.message()));
    page.on('request', (request) => {
      if (request.resourceType() !== 'document') said.push(request.url());
    });
    await use(async (file) => {
      await page.goto(pathToFileURL(file).href);
    });
    expect(said).toEqual([]);
  },
});

interface OwnershipFile {
  readonly units: readonly Record<string, unknown>[];
}

/** The draft that `doc` makes for a page, with an owner for every row. */
async function ownAll(
  folder: string,
  page: string,
  owner: object = { requirements: ['CANCEL-RESP-001'] },
): Promise<string> {
  const { stdout } = await doc(folder, '--coverage', '--draft', page);
  const { units } = parse(stdout) as OwnershipFile;
  expect(units.length).toBeGreaterThan(10);
  const owned = units.map(({ section, segment, sha256 }) => ({
    section,
    ...(segment === undefined ? {} : { segment }),
    sha256,
    ...owner,
  }));
  writeFileSync(path.join(folder, 'owners.yaml'), stringify({ units: owned }));
  return 'owners.yaml';
}

const coverage = (folder: string, page: string, owners: string) =>
  doc(folder, '--coverage', page, '--ownership', owners);

test('coverage is full when every unit has an owner, and fails at the sentence that changed', async ({ folder }) => {
  placePages(folder, 'side-by-side.ar-SA.md');
  const bare = await doc(folder, '--coverage', 'side-by-side.ar-SA.md');
  expect(bare.exitCode).toBe(1);
  const owners = await ownAll(folder, 'side-by-side.ar-SA.md');
  const full = await coverage(folder, 'side-by-side.ar-SA.md', owners);
  expect(full.stdout).toMatch(
    /^✓ side-by-side\.ar-SA\.md: \d+ judged, 0 excluded, \d+ not normative, 0 without an owner\n$/,
  );
  expect(full.exitCode).toBe(0);
  const text = pageText('side-by-side.ar-SA.md');
  writeFileSync(path.join(folder, 'changed.md'), text.replace('It carries nothing.', 'It carries something.'));
  const changed = await coverage(folder, 'changed.md', owners);
  expect(changed.stdout).toContain('changed.md:37:266: new or changed, in response, segment own-124');
  expect(changed.stdout).toContain(', 1 without an owner');
  expect(changed.exitCode).toBe(1);
});

test('a translation, white space and line breaks may change: what is normative is hashed', async ({ folder }) => {
  placePages(folder, 'side-by-side.ar-SA.md');
  const owners = await ownAll(folder, 'side-by-side.ar-SA.md');
  const text = pageText('side-by-side.ar-SA.md')
    .replace('الرد عند النجاح', 'رد')
    .replace('It carries nothing.', 'It  carries\nnothing.');
  writeFileSync(path.join(folder, 'other.md'), text.replaceAll('\n', '\r\n'));
  expect((await coverage(folder, 'other.md', owners)).exitCode).toBe(0);
});

test('an ownership file is held to its schema and to the catalogue', async ({ folder }) => {
  placePages(folder, 'sound.en-US.md');
  const unfilled = (await doc(folder, '--coverage', '--draft', 'sound.en-US.md')).stdout;
  const broken = {
    'draft.yaml': unfilled,
    'unknown.yaml': unfilled.replaceAll(/"REPLACE.*"/g, 'CANCEL-RESP-999'),
    'two.yaml': unfilled.replaceAll(
      /requirements:\n.*/g,
      'exclusion: nobody can tell from outside\n    informative: a title',
    ),
  };
  for (const [name, text] of Object.entries(broken)) writeFileSync(path.join(folder, name), text);
  const ends = await Promise.all(Object.keys(broken).map((name) => coverage(folder, 'sound.en-US.md', name)));
  expect(ends.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2]);
  expect(ends.map(({ stderr }) => stderr)).toEqual([
    expect.stringMatching(
      /^draft\.yaml:\d+: units\[0\]\.requirements\[0\]: "REPLACE: whose is line 3, column 1\?" is not what/,
    ),
    expect.stringMatching(/^unknown\.yaml:\d+: units\[0\]\.requirements: no requirement CANCEL-RESP-999; did you mean/),
    expect.stringContaining('two.yaml'),
  ]);
});

const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

test('the view fits, is quiet, and axe finds nothing', async ({ page, open, runs, folder }) => {
  placePages(folder, 'side-by-side.ar-SA.md', 'sound.en-US.md');
  const owners = await ownAll(folder, 'side-by-side.ar-SA.md');
  const run = leave(folder, 'run', runs.nonconformant);
  const args = ['report', run, '--doc', 'side-by-side.ar-SA.md', 'sound.en-US.md', '--ownership', owners];
  expect((await runCli(args, { cwd: folder })).exitCode).toBe(0);
  await open(path.join(run, 'doc.html'));
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate<number>(overflow), `${width}`).toBeLessThanOrEqual(0);
  }
  expect(await violationsOn(page, [1280, 390])).toEqual([]);
});

test('shows both languages, and the verdict of the run on each unit, linked to its evidence', async ({
  page,
  open,
  runs,
  folder,
}) => {
  placePages(folder, 'side-by-side.ar-SA.md');
  const owners = await ownAll(folder, 'side-by-side.ar-SA.md', { requirements: ['CANCEL-RESP-002'] });
  const run = leave(folder, 'run', runs.nonconformant);
  await runCli(['report', run, '--doc', 'side-by-side.ar-SA.md', '--ownership', owners], { cwd: folder });
  await open(path.join(run, 'doc.html'));
  const status = page.locator('.owned', { hasText: 'A success is answered with' });
  await expect(status.locator('.unit.bad [lang="ar-SA"]')).toHaveText('الرد عند النجاح.');
  await expect(status.locator('.unit.bad [lang="en"] code')).toHaveText('200 OK');
  await expect(status.locator('.margin')).toContainText('C-1 read as either; seen: ');
  await status.getByRole('link', { name: 'CANCEL-RESP-002' }).click();
  await expect(page).toHaveURL(/index\.html#CANCEL-RESP-002$/);
  await expect(page.locator('#CANCEL-RESP-002')).toBeInViewport();
});

test('a sentence without an owner says so, and a reason is shown', async ({ page, open, runs, folder }) => {
  placePages(folder, 'sound.en-US.md');
  const owners = await ownAll(folder, 'sound.en-US.md', { exclusion: 'nobody can tell from outside' });
  writeFileSync(path.join(folder, 'page.md'), pageText('sound.en-US.md').replace('There is no content.', 'It is new.'));
  const run = leave(folder, 'run', runs.conformant);
  await runCli(['report', run, '--doc', 'page.md', '--ownership', owners, '--out', 'view'], { cwd: folder });
  await open(path.join(folder, 'view', 'doc.html'));
  await expect(page.locator('.unit.unowned')).toHaveText(['It is new.', 'no owner'].reverse());
  await expect(page.locator('.owned', { hasText: 'A success is answered' }).locator('.margin')).toContainText(
    'Not judged: nobody can tell from outside',
  );
});

test('nothing on a hostile page runs, and no link leads out of the view', async ({ page, open, runs, folder }) => {
  const hostile = pageText('sound.en-US.md')
    .replace(
      'Namespace: microsoft.graph',
      `${hostileText.replaceAll('\u0000', '').replaceAll(/\r?\n/g, ' ')} Namespace`,
    )
    .replace(
      'A caller needs',
      '<script>alert(1)</script> [x](javascript:alert(1)) <https://example.com/> ![y](http://127.0.0.1:9/y.png) A caller needs',
    )
    .replace(
      '## Response\n',
      '## Response <img src=x onerror=alert(1)>\n\n<iframe src="javascript:alert(1)"></iframe>\n\n<script>\nalert(1)\n</script>\n',
    );
  writeFileSync(path.join(folder, 'page.md'), hostile);
  const run = leave(folder, 'run', runs.hostile);
  const { exitCode, stderr } = await runCli(['report', run, '--doc', 'page.md'], { cwd: folder });
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  await open(path.join(run, 'doc.html'));
  await expect(page.locator('script, img, iframe, link')).toHaveCount(0);
  const targets = await page.evaluate<string[]>(
    `[...document.querySelectorAll('a')].map((link) => link.getAttribute('href'))`,
  );
  expect(targets.filter((href) => !href.startsWith('index.html'))).toEqual([]);
  await expect(page.locator('pre.raw', { hasText: 'alert(1)' }).first()).toBeVisible();
});
