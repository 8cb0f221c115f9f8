import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { planRun } from '../../../src/engine/plan/plan.js';
import { expect, runCli, test, writeTarget } from '../support/cli.js';
import { embeddedWith } from '../support/engine-runs.js';
import { closedPort } from '../support/middleman.js';

type Needed = readonly [status: string, owner: string, count: number];

/** How many requests a run with shared ones needs, by status and owner: those of which it needs several. */
function needed(): readonly [Needed, Needed, ...Needed[]] {
  const { target, contract } = embeddedWith();
  const { owned } = planRun(contract, { ...target, expensive: true }).counts;
  const all = Object.entries(owned).flatMap(([status, owners]) =>
    Object.entries(owners).map(([owner, count]) => [status, owner, count] as const),
  );
  const [first, second, ...others] = all.filter(([, , count]) => count > 1);
  if (!first || !second) throw new Error('a run needs no two requests of one kind');
  return [first, second, ...others];
}

test('doctor names what an inventory lists too few of, by status and owner, and nothing that it lists enough of', async ({
  folder,
}) => {
  const [short, enough, ...others] = needed();
  expect(others).not.toEqual([]);
  const requests: Record<string, Record<string, readonly string[]>> = {};
  for (const [[status, owner], count] of [
    [short, short[2] - 1],
    [enough, enough[2]],
  ] as const) {
    const ids = Array.from({ length: count }, (_, index) => `${status}-${owner}-${index}`);
    requests[status] = { ...requests[status], [owner]: ids };
  }
  writeFileSync(path.join(folder, 'inventory.yaml'), JSON.stringify({ requests }));
  const file = writeTarget(folder, {
    baseUrl: `http://127.0.0.1:${await closedPort()}/beta`,
    requests: { provider: 'inventory', file: 'inventory.yaml' },
    identities: { administrator: { token: { env: 'TOKEN_ADMINISTRATOR' } } },
  });
  const environment = { TOKEN_ADMINISTRATOR: 'opaque-token-17-of-the-administrator' };
  const { stdout } = await runCli(['doctor', '--target', file], { cwd: folder, environment });
  const [status, owner, count] = short;
  expect(stdout.match(/\S+ of \S+: \d+ listed, up to \d+ needed/g)).toEqual([
    `${status} of ${owner}: ${count - 1} listed, up to ${count} needed`,
  ]);
});
