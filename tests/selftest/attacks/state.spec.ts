import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { acquireLock, journalOfKilled } from '../../../src/arrange/graph/lock.js';
import { longAgo } from '../support/attacked-tenant.js';
import { runCli, writeTarget } from '../support/cli.js';
import { approved, tenantId } from '../support/live-tenant.js';
import { test } from '../support/temporary-folder.js';

const holders: Readonly<Record<string, (folder: string) => unknown>> = {
  'the number 0, which is every process of a group': () => ({ pid: 0 }),
  'a number below 0': () => ({ pid: -1 }),
  'a number that is text': () => ({ pid: '1' }),
  'no number': () => ({ pid: undefined }),
  'half a number': () => ({ pid: 1.5 }),
  'this process, started at another time': () => ({ pid: process.pid, started: 'another 1' }),
  'the first process, before the machine was started': () => ({ pid: 1, started: null, since: '2001-01-01T00:00:00Z' }),
  'a moment that is none': () => ({ since: '\u001b[2J' }),
  'a journal elsewhere': () => ({ journal: '/etc/passwd' }),
  'a journal above': (folder) => ({ journal: path.join(folder, '..', 'run-1.jsonl') }),
  'a journal that is a command': (folder) => ({ journal: path.join(folder, 'run-x.jsonl;\ntouch PWNED;#') }),
  'a journal with a command for a shell in its name': (folder) => ({ journal: path.join(folder, 'run-$(id).jsonl') }),
  'a journal with a line end': (folder) => ({ journal: path.join(folder, 'run-1.jsonl\n') }),
  'a journal by another way': (folder) => ({ journal: `${folder}/./run-1.jsonl` }),
  'a journal that is the lock': (folder) => ({ journal: path.join(folder, 'lock-a-tenant.json') }),
  'a journal that is no text': () => ({ journal: 7 }),
};

for (const [what, change] of Object.entries(holders)) {
  test(`a lock that holds ${what} keeps nobody out for good, and leads nowhere`, ({ folder }) => {
    const journal = path.join(folder, 'run-1.jsonl');
    const holder = { pid: 2 ** 30, started: null, since: longAgo, journal, ...(change(folder) as object) };
    writeFileSync(path.join(folder, 'lock-a-tenant.json'), JSON.stringify(holder));
    expect([null, journal]).toContain(journalOfKilled(folder, 'a-tenant'));
    expect(() => acquireLock(folder, 'a-tenant', journal)).toThrow(
      /^[^\n]*(?:was killed|it is no lock of this suite)[^\n]*$/,
    );
  });
}

for (const content of ['', 'null', '[]', '7', '{', '['.repeat(50_000), `"${'x'.repeat(100_000)}"`]) {
  test(`a lock that is ${content.slice(0, 10)} leads nowhere`, ({ folder }) => {
    writeFileSync(path.join(folder, 'lock-a-tenant.json'), content);
    expect(journalOfKilled(folder, 'a-tenant')).toBeNull();
  });
}

/** What may stand where the state folder of a live tenant, or something in it, has to be. */
const places: Readonly<Record<string, (state: string) => void>> = {
  'a folder for the lock': (state) => mkdirSync(path.join(state, `lock-${tenantId}.json`), { recursive: true }),
  'a folder for a journal': (state) => mkdirSync(path.join(state, 'run-1.jsonl'), { recursive: true }),
  'a folder for prepared requests': (state) => mkdirSync(path.join(state, 'prepared-1.jsonl'), { recursive: true }),
  'a link for a journal': (state) => {
    mkdirSync(state);
    symlinkSync('/nonexistent', path.join(state, 'run-1.jsonl'));
  },
  'a file for the folder': (state) => {
    writeFileSync(state, 'x');
  },
  'a link to nothing for the folder': (state) => {
    symlinkSync('/nonexistent/x', state);
  },
};

/** Commands that look into the state folder, and how they may end: a plan and a run need no journal of another run, and nobody listens where a run goes on to. */
const commands: readonly { readonly args: readonly string[]; readonly exitCodes: readonly number[] }[] = [
  { args: ['recover', '.cancel-conformance'], exitCodes: [2] },
  { args: ['plan'], exitCodes: [0, 2] },
  { args: ['run', ...approved], exitCodes: [2, 3] },
];

for (const [what, make] of Object.entries(places)) {
  test(`${what} in the state folder is wrong input of whatever looks there`, async ({ folder }) => {
    const target = writeTarget(folder, {
      baseUrl: 'http://127.0.0.1:1/beta',
      identities: { administrator: { token: { env: 'CANCEL_TOKEN' } } },
      requests: { provider: 'graph', tenant: tenantId },
    });
    make(path.join(folder, '.cancel-conformance'));
    const refusals: string[] = [];
    for (const { args, exitCodes } of commands) {
      const options = { cwd: folder, environment: { CANCEL_TOKEN: 'x'.repeat(24) } };
      const { exitCode, stderr } = await runCli([...args, '--target', target], options);
      expect(exitCodes, `${args.join(' ')}: ${stderr}`).toContain(exitCode);
      refusals.push(...(exitCode === 2 ? [stderr] : []));
    }
    for (const said of refusals) expect(said).toMatch(/\.cancel-conformance\b.*;/);
  });
}
