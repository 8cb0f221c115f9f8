import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, startCli, test, writeTarget } from '../support/cli.js';
import { startMiddleman, type Answered } from '../support/middleman.js';

/** A key that no text holds by chance. */
const controlKey = 'a-control-key-0f6d1c7a93';

/** A token that stands ready in a file. */
const readyToken = 'eyJhbGciOiJub25lIn0.eyJvaWQiOiJyZWFkeS1tYWRlLTQ3MTEifQ.c2lnbmF0dXJlLTQ3MTE';

/** Few cases, and the calls of theirs at which a run is well under way. */
const few = ['--area', 'RESP'];
const halfWay = 50;

/** Environment and command line of a process and of all its descendants. */
function surroundingsOf(pid: number): readonly string[] {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const parent = /^PPid:\s*(\d+)$/m.exec(readProc(name, 'status'))?.[1];
      return parent === undefined ? [] : [{ id: Number(name), parent: Number(parent) }];
    });
  const family = new Set([pid]);
  // A child is found after its parent, however the numbers are given.
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { id, parent } of processes) if (family.has(parent)) family.add(id);
  }
  return [...family].flatMap((id) => [readProc(String(id), 'environ'), readProc(String(id), 'cmdline')]);
}

/** Empty for a process that has ended meanwhile. */
function readProc(id: string, name: string): string {
  try {
    return readFileSync(path.join('/proc', id, name), 'utf8');
  } catch {
    return '';
  }
}

test('nothing of a run travels in the environment or on a command line', async ({ folder }) => {
  test.skip(process.platform !== 'linux', 'there is no /proc');
  const tokens = new Set([readyToken]);
  const seen: string[] = [];
  const running: { pid: number } = { pid: 0 };
  const keep = (answer: Answered): Answered => {
    tokens.add((JSON.parse(answer.body) as { readonly token: string }).token);
    return answer;
  };
  const middleman = await startMiddleman(({ isControl, target, authorization, number }) => {
    if (!isControl) tokens.add(authorization.replace(/^\S+ /, ''));
    if (number >= halfWay && number % 50 === 0) seen.push(...surroundingsOf(running.pid));
    return isControl && target.endsWith('/tokens') ? keep : 'pass';
  });
  writeFileSync(path.join(folder, 'requestor.token'), readyToken);
  // Once with the tokens that the control protocol issues, once with one that stands ready.
  for (const identities of [undefined, { requestor: { token: { file: 'requestor.token' } } }]) {
    const file = writeTarget(folder, {
      baseUrl: middleman.baseUrl,
      requests: { provider: 'control', url: middleman.controlUrl, key: { env: 'KEY_OF_THE_USER' } },
      identities,
    });
    const { child, exit } = startCli(['run', '--target', file, ...few, '--workers', '2'], {
      cwd: folder,
      environment: { KEY_OF_THE_USER: controlKey },
    });
    running.pid = child.pid ?? 0;
    await exit;
  }
  await middleman.close();
  const words = [...tokens].filter((token) => token.length > 16);
  expect(words.length).toBeGreaterThan(10);
  // The variable of the user is the user's own, and stands nowhere else.
  const own = `KEY_OF_THE_USER=${controlKey}`;
  const texts = seen.map((text) => text.replaceAll(own, ''));
  expect(seen.some((text) => text.includes(own))).toBe(true);
  for (const secret of [controlKey, ...words]) {
    expect(texts.filter((text) => text.includes(secret) || text.includes(secret.split('.')[1] ?? secret))).toEqual([]);
  }
});

test('a user id of 30 KB is none, which is missing and no fault of the suite', async ({ folder, run }) => {
  const lengthy = (answer: Answered): Answered => {
    const lengthened = answer.body.replace(/"userId":"[^"]*/, (known) => known + 'x'.repeat(30_000));
    return { ...answer, headers: ['Content-Type', 'application/json'], body: lengthened };
  };
  const middleman = await startMiddleman(({ target }) => (target === '/conformance/v1/tokens' ? lengthy : 'pass'));
  const file = writeTarget(folder, { ...middleman.target, timeoutMs: 10_000 });
  const { report, exitCode } = await run(['--target', file, ...few]);
  await middleman.close();
  expect(report.suiteFaults).toEqual([]);
  expect(exitCode).toBe(3);
  expect(report.totals.checks).toMatchObject({ failed: 0, passed: 0 });
  expect(report.checks.map(({ reason }) => reason)).toContainEqual(
    expect.stringContaining('is no id: it is longer than 128'),
  );
});
