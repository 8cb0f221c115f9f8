import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect } from '@playwright/test';
import { readDataFile, readJson } from '../../../src/engine/data-file.js';
import { readBytes, readText, writeWhole, type Expected } from '../../../src/engine/files.js';
import { test } from '../support/temporary-folder.js';

const expected: Expected = { what: 'a page', advice: 'give a page', capBytes: 2048 };

const makePipe = (file: string): Buffer => execFileSync('sh', ['-c', 'mkfifo "$0"', file]);

/** The message with which a file is refused, after its name. */
function refusalOf(read: (file: string, expected: Expected) => unknown, file: string, given = expected): string {
  try {
    read(file, given);
  } catch (error) {
    const { name, message } = error as Error;
    expect(name).toBe('ConfigurationError');
    expect(message.startsWith(file)).toBe(true);
    return message.slice(file.length);
  }
  throw new Error('nothing was thrown');
}

test('reads a text as it is, without its byte order mark', ({ folder }) => {
  const file = path.join(folder, 'text');
  for (const [content, text] of [
    ['', ''],
    ['a', 'a'],
    ['\ufeffä\r\n', 'ä\r\n'],
    ['x'.repeat(2048), 'x'.repeat(2048)],
  ] as const) {
    writeFileSync(file, content);
    expect(readText(file, expected)).toBe(text);
  }
});

test('says of everything that is no text what it is, and what to do', async ({ folder }) => {
  const at = (name: string): string => path.join(folder, name);
  mkdirSync(at('folder'));
  makePipe(at('pipe'));
  writeFileSync(at('large'), 'x'.repeat(2049));
  writeFileSync(at('utf-16'), Buffer.from('\ufeffname', 'utf16le'));
  writeFileSync(at('utf-16-unmarked'), Buffer.from('{"a":1}', 'utf16le'));
  symlinkSync('loop', at('loop'));
  const server = createServer().listen(at('socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  const refusals = Object.fromEntries(
    ['none', 'folder', 'pipe', 'socket', 'large', 'utf-16', 'utf-16-unmarked', 'loop'].map((name) => [
      name,
      refusalOf(readText, at(name)),
    ]),
  );
  expect(refusals).toEqual({
    none: ': no such file; give a page',
    folder: ': a folder, no file; give a page',
    pipe: ': no regular file but a pipe; give a page',
    socket: ': no regular file but a socket; give a page',
    large: ': larger than 2 KiB, the most that a page may have; give a page',
    'utf-16': ': UTF-16, and not UTF-8: save it as UTF-8; give a page',
    'utf-16-unmarked': ': UTF-16, and not UTF-8: save it as UTF-8; give a page',
    loop: ': cannot be read (ELOOP); give a page',
  });
  expect(refusalOf(readBytes, '/dev/zero')).toBe(': no regular file but a device; give a page');
  expect(refusalOf(readBytes, '/dev/zero', { ...expected, piped: true })).toMatch(/^: larger than 2 KiB/);
  for (const name of ['folder', 'socket']) {
    expect(refusalOf(readText, at(name), { ...expected, piped: true }), name).toBe(refusals[name]);
  }
  server.close();
});

test('reads a pipe where one may be given', ({ folder }) => {
  const pipe = path.join(folder, 'pipe');
  makePipe(pipe);
  const writer = spawn('sh', ['-c', 'printf "name: a\\n" > "$0"', pipe], { stdio: 'ignore' });
  expect(readDataFile(pipe, { piped: true }).value).toEqual({ name: 'a' });
  writer.kill();
});

test('waits for a pipe no longer than it may keep silent', ({ folder }) => {
  const pipe = path.join(folder, 'pipe');
  makePipe(pipe);
  const given = { ...expected, piped: true, silentMs: 50 };
  expect(readText(pipe, given)).toBe('');
  // Somebody has it open, and writes nothing.
  const holder = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  expect(refusalOf(readText, pipe, given)).toBe(': a pipe, into which nobody wrote for 0.05 s; give a page');
  writeSync(holder, 'x'.repeat(4096));
  expect(refusalOf(readText, pipe, given)).toMatch(/^: larger than 2 KiB/);
  closeSync(holder);
});

const doubled = (levels: number): string =>
  ['a0: &a0 [x, x]', ...Array.from({ length: levels }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`)].join(
    '\n',
  );

for (const [what, content, says] of [
  [
    'aliases that multiply',
    doubled(12),
    ': not valid YAML: Excessive alias count indicates a resource exhaustion attack',
  ],
  ['an alias of itself', 'a: &a { b: *a }', ': a part of it holds itself by an alias (*); write it out'],
  ['an alias of nothing', 'a: *b', ': not valid YAML: Unresolved alias (the anchor must be set before the alias): b'],
  ['several documents', 'a: 1\n---\nb: 2\n', ':2: not valid YAML: Source contains multiple documents'],
  ['what nests without end', '['.repeat(20_000), ': is nested deeper than 100 levels; give a page'],
  ['Latin-1', Buffer.from('a: b\nc: caf\xe9\n', 'latin1'), ':2: not UTF-8: save it as UTF-8; give a page'],
] as const) {
  test(`refuses ${what} as YAML`, ({ folder }) => {
    const file = path.join(folder, 'data.yaml');
    writeFileSync(file, content);
    expect(refusalOf(readDataFile, file, { ...expected, capBytes: 65_536 })).toBe(says);
  });
}

for (const [content, says] of [
  ['', ':1: not JSON, and it seems to be cut off'],
  ['{"a":\n{"b": 1,\n', ':2: not JSON, and it seems to be cut off'],
  ['{"a":\n"unfini', ':2: not JSON, and it seems to be cut off'],
  ['{"a":\n1,\n"b": tr', ':3: not JSON, and it seems to be cut off'],
  ['not json', ':1: not JSON'],
  ['{"a": 1,\n"b" 2,\n"c": 3}', ':2: not JSON'],
  [`{"a": 1,\n"b": nonsense,\n"c": "${'c'.repeat(100)}"}`, ':2: not JSON'],
  ['{"a": 1}\n{"b": 2}\n', ':2: not JSON'],
] as const) {
  test(`says of ${JSON.stringify(content).slice(0, 30)} on which line it is no JSON`, ({ folder }) => {
    const file = path.join(folder, 'data.json');
    writeFileSync(file, content);
    expect(refusalOf(readJson, file)).toBe(`${says}; give a page`);
  });
}

test('points into JSON, and refuses what is nested too deep', ({ folder }) => {
  const file = path.join(folder, 'data.json');
  writeFileSync(file, '{\n"a": [1,\n{"b": 2}]}');
  const data = readJson(file);
  expect(data.value).toEqual({ a: [1, { b: 2 }] });
  expect([data.locate(['a', 1, 'b']), data.lineOf(['a', 1, 'b'])]).toEqual([`${file}:3: a[1].b`, 3]);
  writeFileSync(file, `${'['.repeat(50_000)}${']'.repeat(50_000)}`);
  expect(() => readJson(file)).toThrow(`${file}: is nested deeper than 100 levels`);
});

test('a file is replaced as a whole, by one that has the rights that were asked for', ({ folder }) => {
  const file = path.join(folder, 'file');
  const other = path.join(folder, 'other');
  writeFileSync(other, 'stays');
  symlinkSync(other, file);
  writeWhole(file, 'first', { mode: 0o600 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  writeWhole(file, 'second');
  expect([readFileSync(file, 'utf8'), readFileSync(other, 'utf8')]).toEqual(['second', 'stays']);
  expect(readdirSync(folder).sort()).toEqual(['file', 'other']);
});

test('what cannot be written as a whole is not written at all', ({ folder }) => {
  const file = path.join(folder, 'taken');
  mkdirSync(path.join(file, 'below'), { recursive: true });
  expect(() => {
    writeWhole(file, 'content');
  }).toThrow(/EISDIR|ENOTEMPTY|EEXIST|EPERM/);
  expect(readdirSync(folder)).toEqual(['taken']);
  const limited = `ulimit -f 1; exec "$0" --input-type=module -e "$1" "$2" "$3"`;
  const script = `process.on('SIGXFSZ', () => undefined);
    const { writeWhole } = await import(process.argv[1]);
    try { writeWhole(process.argv[2], 'x'.repeat(5000)); } catch ({ code }) { process.stdout.write(code); }`;
  const module = new URL('../../../dist/src/engine/files.js', import.meta.url).href;
  const large = path.join(folder, 'large');
  expect(execFileSync('sh', ['-c', limited, process.execPath, script, module, large], { encoding: 'utf8' })).toBe(
    'EFBIG',
  );
  expect(readdirSync(folder)).toEqual(['taken']);
});
