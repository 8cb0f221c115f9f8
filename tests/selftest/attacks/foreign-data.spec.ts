import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bounds, excessOf, excessOfYaml } from '../../../src/engine/bounds.js';
import { readJson } from '../../../src/engine/data-file.js';
import { deep, many, within } from '../support/attacks.js';
import { runJudge, test, writeEdited, type Edited } from '../support/bundles.js';
import { expect, runCli } from '../support/cli.js';

const hostileJson: Readonly<Record<string, string>> = {
  'nested 3,000 deep in lists': deep(3000),
  'nested 3,000 deep in objects': `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`,
  'nested a million deep': '['.repeat(1_000_000),
  'two million of null': many('null', 2_000_001),
  'two million lists': many('[]', 1_000_001),
  'half a million wrong checks': `{"schemaVersion":1,"suite":{"name":"cancel-conformance"},"checks":${many('{}', 500_000)}}`,
  'a hundred thousand keys': `{${Array.from({ length: 100_000 }, (_, at) => `"${at}":1`).join()}}`,
  'a number without end': '1e999',
  'a string without end': `"${'x'.repeat(1_000_000)}`,
  'backslashes without end': `"${'\\'.repeat(1_000_001)}`,
  zeros: '\0'.repeat(1000),
  null: 'null',
  'a list': '[]',
  '__proto__ for everything': '{"__proto__":{"schemaVersion":1},"schemaVersion":1,"suite":{"__proto__":null}}',
  'a version that is a list': `{"schemaVersion":${many('1', 10_000)}}`,
};

const readers: readonly (readonly [string, ...string[]])[] = [
  ['judge'],
  ['report'],
  ['waive'],
  ['annotate', '--for', 'github'],
  ['compare'],
];

for (const [what, text] of Object.entries(hostileJson)) {
  test(`a report.json that is ${what} is bad input to whoever reads it`, async ({ folder }) => {
    writeFileSync(path.join(folder, 'report.json'), text);
    for (const [command, ...flags] of readers) {
      const files = command === 'compare' ? ['report.json', 'report.json'] : ['report.json'];
      const { exitCode, stderr } = await within(() => runCli([command, ...files, ...flags], { cwd: folder }));
      expect(exitCode, `${command}: ${stderr.slice(0, 300)}`).toBe(2);
      expect(stderr.length).toBeLessThan(5000);
    }
  });
}

test('a report.json of 3 GB is refused for its size, before it is read', async ({ folder }) => {
  const file = path.join(folder, 'report.json');
  writeFileSync(file, '{');
  truncateSync(file, 3 * 1024 ** 3);
  for (const [command, ...flags] of readers) {
    const files = command === 'compare' ? ['report.json', 'report.json'] : ['report.json'];
    const begin = performance.now();
    const { exitCode, stderr } = await runCli([command, ...files, ...flags], { cwd: folder });
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toMatch(/report\.json: larger than 24 MiB/);
    expect(performance.now() - begin).toBeLessThan(1000);
  }
});

test('the line of a mistake in 10 MB is named within a second', ({ folder }) => {
  const file = path.join(folder, 'data.json');
  const rows = Array.from({ length: 100_000 }, (_, at) => `{"id": ${at}, "text": "${'\\"[{,'.repeat(18)}"}`);
  writeFileSync(file, `{"rows": [\n${rows.join(',\n')}\n], "last": true}`);
  const data = readJson(file);
  const begin = performance.now();
  expect(data.lineOf(['rows', 99_999, 'text'])).toBe(100_001);
  expect(data.lineOf(['last'])).toBe(100_002);
  expect(data.locate(['rows', 50_000, 'none'])).toBe(`${file}:50002: rows[50000].none`);
  expect(performance.now() - begin).toBeLessThan(1000);
});

const hostileYaml: Readonly<Record<string, string>> = {
  'nested 3,000 deep': deep(3000),
  'nested 100,000 deep': '['.repeat(100_000),
  'nested 3,000 deep by its entries': `${'- '.repeat(3000)}a`,
  'nested deep by its indents': Array.from({ length: 1400 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
  'a million of null': many('null', 200_000),
  'a list without end': '- a\n'.repeat(100_000),
  'more than anybody writes': `# ${'x'.repeat(1024 * 1024)}`,
  'aliases that multiply': [
    'a: &a [1,1,1,1,1,1,1,1,1]',
    ...'bcdefghi'.split('').map(
      (name, at) =>
        `${name}: &${name} [${Array(9)
          .fill(`*${'abcdefgh'.charAt(at)}`)
          .join()}]`,
    ),
  ].join('\n'),
  'an alias of itself': 'a: &a [*a]',
  'twenty thousand wrong entries': `waivers: ${many('1', 19_000)}`,
  'ten thousand empty entries': `waivers: ${many('{}', 6000)}`,
  zeros: '\0'.repeat(1000),
};

for (const [what, text] of Object.entries(hostileYaml)) {
  test(`a file written by hand that is ${what} is bad input to whoever reads it`, async ({ folder }) => {
    writeFileSync(path.join(folder, 'file.yaml'), text);
    const target = {
      name: 'x',
      baseUrl: 'http://127.0.0.1:1/beta',
      requests: { provider: 'inventory', file: 'file.yaml' },
      identities: { administrator: { token: { env: 'CANCEL_TOKEN' } } },
    };
    writeFileSync(path.join(folder, 'target.yaml'), JSON.stringify(target));
    for (const args of [
      ['doctor', '--target', 'file.yaml'],
      ['run', '--waivers', 'file.yaml'],
      ['plan', '--target', 'target.yaml'],
    ]) {
      const { exitCode, stderr } = await within(() => runCli(args, { cwd: folder }));
      expect(exitCode, `${args.join(' ')}: ${stderr.slice(0, 300)}`).toBe(2);
      expect(stderr.length).toBeLessThan(5000);
    }
  });
}

/** Gives the first of them another id. */
function renamed([first]: { id: string }[], id: string): void {
  if (first) first.id = id;
}

const claims: Readonly<Record<string, (files: Edited) => void>> = {
  'a thousand million cases': ({ report }) => {
    report.totals.cases = 1e9;
  },
  'a thousand million checks that passed': ({ report }) => {
    report.totals.checks.passed = 1e9;
  },
  'a time without end': ({ report }) => {
    report.run.durationMs = Number.MAX_VALUE;
  },
  'the exchange number 1,000,000,000': ({ evidence }) => {
    renamed(evidence, `${evidence[0]?.id.split('.')[0] ?? ''}.1000000000`);
  },
  'an exchange without a number': ({ evidence }) => {
    renamed(evidence, 'x');
  },
  'an exchange of __proto__': ({ evidence }) => {
    renamed(evidence, '__proto__.1');
  },
  'a case named __proto__': ({ report }) => {
    renamed(report.cases, '__proto__');
  },
  'a check named constructor': ({ report }) => {
    renamed(report.checks, 'constructor/toString');
  },
  'a resource nested 80 deep': ({ report }) => {
    const look = report.cases.flatMap(({ looks }) => looks)[0];
    if (look) look.resource = { a: JSON.parse(deep(80)) as unknown };
  },
  'a resource nested 3,000 deep': ({ report }) => {
    const look = report.cases.flatMap(({ looks }) => looks)[0];
    if (look) look.resource = { a: JSON.parse(deep(3000)) as unknown };
  },
  'fifty thousand faults of the suite': ({ report }) =>
    void report.suiteFaults.push(...Array<string>(50_000).fill('x')),
  'a thousand times the same exchange': ({ evidence }) => {
    const [one] = evidence;
    if (one) evidence.push(...Array<typeof one>(1000).fill(one));
  },
  'nothing of all that it says': ({ report, evidence }) => {
    Object.assign(report, { checks: [], cases: [], exchanges: [], requirements: [], reproducers: [] });
    evidence.length = 0;
  },
  'an edition that is a member of every object': ({ report }) => {
    report.target.edition = 'constructor';
  },
  'areas that nobody knows': ({ report }) => void Object.assign(report.run, { areas: ['__proto__'] }),
  'a choice of cases that nobody knows': ({ report }) =>
    void Object.assign(report.run, { only: ['__proto__', 'x'.repeat(10_000)] }),
  'an address that is none': ({ report }) => void Object.assign(report.target, { baseUrl: 'http://[::1' }),
};

for (const [what, edit] of Object.entries(claims)) {
  test(`a report that claims ${what} is judged or refused, and no fault of the suite`, async ({
    partialRun,
    folder,
  }) => {
    const place = writeEdited(partialRun.out, folder, edit);
    const { exitCode, stdout, stderr } = await within(() => runJudge(place));
    expect([0, 1, 2, 3], stdout + stderr).toContain(exitCode);
    expect((stdout + stderr).length).toBeLessThan(50_000);
  });
}

test('what a text would become is told before it is made, at each bound and not below it', () => {
  const within2 = { values: 5, levels: 2 };
  expect(excessOf('[1,2,3]', within2)).toBeNull();
  expect(excessOf('[1,2,3,4,5]', within2)).toBe('has more than 5 values');
  expect(excessOf('[[1]]', within2)).toBeNull();
  expect(excessOf('[[[', within2)).toBe('is nested deeper than 2 levels');
  expect(excessOf('["[[[[,,,,,\\"[[[", "\\\\"]', within2)).toBeNull();
  expect(excessOf('["\\\\", [[1]]]', within2)).toBe('is nested deeper than 2 levels');
  expect(excessOfYaml('a\n'.repeat(5), { marks: 5, levels: 2 })).toBeNull();
  expect(excessOfYaml('a\n'.repeat(6), { marks: 5, levels: 2 })).toMatch(/has more than 5 lines/);
  for (const yaml of ['[[[', '- - - - a', '     a: 1', '? ? ? a'])
    expect(excessOfYaml(yaml, { marks: 9, levels: 2 })).toBe('is nested deeper than 2 levels');
  expect(excessOfYaml('[[1]]\n- - a\n  a: 1', { marks: 9, levels: 2 })).toBeNull();
  // Whatever is one of them has a size that somebody could mean.
  for (const group of Object.values(bounds)) for (const bound of Object.values(group)) expect(bound).toBeGreaterThan(0);
});
