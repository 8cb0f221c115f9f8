import path from 'node:path';
import { writeFileSync } from 'node:fs';
import { environmentOf, expect, readReport, runCli, runSuite, test } from '../support/cli.js';
import { openShell } from '../support/command-shell.js';
import {
  client,
  environment,
  filesBelow,
  gateway,
  headers,
  hidden,
  ours,
  secret,
  server,
  targetOf,
  tls,
  writeMaterial,
} from '../support/gateway.js';
import { startMiddleman, type Passing } from '../support/middleman.js';
import { startProxy } from '../support/proxy.js';

test('a target behind a proxy, a gateway and mutual TLS that is up later is conformant, and no secret gets out', async ({
  folder,
}) => {
  writeMaterial(folder);
  let isUp = false;
  const proxy = await startProxy(() => (isUp ? 200 : 502));
  const middleman = await startMiddleman(gateway, { certified: { ...server, ca: ours.cert } });
  const file = targetOf(middleman, folder, { headers, tls, expensive: true });
  const out = path.join(folder, 'report');
  const { exitCode, stdout, stderr } = await runCli(['run', '--target', file, '--wait', '60', '--out', out], {
    cwd: folder,
    environment: { ...environment, HTTPS_PROXY: `http://user:${secret.proxy}@${proxy.host}` },
    reader: (printed) => {
      // It comes up when somebody waits for it.
      if (printed.includes('waiting for https://target.test')) isUp = true;
    },
  });
  await middleman.close();
  await proxy.close();
  expect(stderr.slice(0, 200)).toMatch(/waiting for https:\/\/target\.test:\d+\/beta, \d+ of 60 s: the proxy /);
  expect(exitCode, stdout).toBe(0);
  const report = readReport(out);
  expect(report.suiteFaults).toEqual([]);
  expect(report.basis?.between).toEqual(['proxy', 'ca', 'certificate']);
  expect(report.target.configuration).toMatchObject({
    headers: 'x-tenant: contoso; X-Gateway-Key from GATEWAY_KEY',
    proxy: `http://${proxy.host} to https://target.test:${middleman.port}`,
  });
  // Sent with every call, and told of each with a pseudonym.
  const sent = report.exchanges.map(({ request }) => request.headers.filter(([name]) => /^x-(?:ten|gat)/i.test(name)));
  expect(new Set(sent.map((pairs) => JSON.stringify(pairs)))).toEqual(
    new Set([
      JSON.stringify([
        ['x-tenant', 'contoso'],
        ['X-Gateway-Key', '‹header:x-gateway-key›'],
      ]),
    ]),
  );
  const files = filesBelow(out);
  expect(files.length).toBeGreaterThan(5);
  for (const [name, text] of [...files, ['what was printed', stdout + stderr] as const]) {
    expect(
      hidden.filter((one) => text.includes(one)),
      name,
    ).toEqual([]);
  }
  const judged = await runCli(['judge', out], { cwd: folder });
  expect(judged.exitCode, judged.stdout).toBe(0);
});

/** A call without what each has for itself: the token that a reader has to get, and the id of the call. */
const comparable = ({ method, target, headers: pairs }: Passing): object => ({
  method,
  target,
  headers: pairs.flatMap((text, at) => {
    const name = text.toLowerCase();
    const isOwn = name === 'authorization' || name === 'client-request-id';
    return at % 2 === 0 ? [[name, isOwn ? '' : pairs[at + 1]]] : [];
  }),
});

test('the commands of a report get past proxy, gateway and mutual TLS with what the reader sets, and send the same', async ({
  folder,
}) => {
  writeMaterial(folder);
  const passed: Passing[] = [];
  const proxy = await startProxy();
  const middleman = await startMiddleman(
    (passing) => {
      if (!passing.isControl) passed.push(passing);
      return gateway(passing);
    },
    { certified: { ...server, ca: ours.cert }, faults: ['success-without-request-id'] },
  );
  const file = targetOf(middleman, folder, { headers, tls });
  const variables = { ...environment, HTTPS_PROXY: `http://${proxy.host}` };
  const { report } = await runSuite(['--target', file, '--area', 'RESP'], { cwd: folder, environment: variables });
  const [reproducer] = report.reproducers;
  const text = reproducer?.text ?? '';
  for (const part of ['"X-Gateway-Key: ${HEADER_X_GATEWAY_KEY:?}"', "'x-tenant: contoso'", '--cacert "${TLS_CA:?}"']) {
    expect(text.replaceAll('"x-tenant: contoso"', "'x-tenant: contoso'")).toContain(part);
  }
  expect(hidden.filter((one) => text.includes(one))).toEqual([]);
  const exchange = report.exchanges.find(({ id }) => id === reproducer?.exchangeId);
  const own = exchange?.request.headers.find(([name]) => name === 'client-request-id')?.[1] ?? 'none';
  const original = passed.find(({ headers: pairs }) => pairs.includes(own));
  const before = passed.length;
  writeFileSync(path.join(folder, 'open-key.pem'), client.key);
  const shell = openShell({
    cwd: folder,
    environment: environmentOf({
      https_proxy: `http://${proxy.host}`,
      HEADER_X_GATEWAY_KEY: secret.key,
      TLS_CA: 'ca.pem',
      TLS_CERT: 'client.pem',
      TLS_KEY: 'open-key.pem',
      TOKEN_ADMINISTRATOR: 'any-t0ken',
      TOKEN_REQUESTOR: 'any-t0ken',
      TOKEN_OTHER_USER: 'any-t0ken',
    }),
  });
  const { stdout, stderr } = await shell.run(text);
  await shell.close();
  await middleman.close();
  await proxy.close();
  // What the proxy answered to curl is not told for an answer of the target.
  expect(stdout, stderr).toMatch(/^HTTP\/1\.1 [2-5]\d\d /);
  expect(stdout).not.toContain('Connection established');
  expect(passed).toHaveLength(before + 1);
  expect(passed.slice(-1).map(comparable)).toEqual([original].flatMap((one) => (one ? [comparable(one)] : [])));
});
