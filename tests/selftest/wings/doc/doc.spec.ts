import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { schemaValidator } from '../../../../src/engine/contract/schemas.js';
import { renderDoc } from '../../../../src/wings/doc/index.js';
import { expect, test } from '../../support/cli.js';
import type { Log } from 'sarif';
import { doc, foundIn, pageText, placeEdited, placePages, readDoc } from '../../support/doc-pages.js';
import { objectionsToSarif } from '../../support/sarif-schema.js';

const work = { account: 'delegated-work', supported: true };
const personal = { account: 'delegated-personal', supported: false, least: null, higher: [] };
const application = { account: 'application', supported: false, least: null, higher: [] };
const all = 'EntitlementManagement.ReadWrite.All';
const service = '/identityGovernance/entitlementManagement';
const newPath = `${service}/assignmentRequests`;
const fourStates = ['accepted', 'pendingApproval', 'pendingNotBefore', 'pendingApprovalEscalated'];
const values = (...list: readonly unknown[]) => list.map((value) => expect.objectContaining({ value }) as unknown);

test('reads a page without a contradiction: every fact, no finding, exit code 0', async ({ folder }) => {
  placePages(folder, 'sound.en-US.md');
  const { exitCode, stdout } = await doc(folder, 'sound.en-US.md');
  expect(stdout).toContain('NO CONTRADICTION FOUND (exit code 0)');
  expect(stdout).toContain('closest edition: beta-2026-06');
  expect(exitCode).toBe(0);
  const { pages } = await readDoc(folder, ['sound.en-US.md'], 'beta-2026-06');
  expect(pages).toMatchObject([{ closestEditions: ['beta-2026-06'], findings: [], unresolved: [] }]);
  expect(pages[0]?.contract).toMatchObject({
    title: { value: 'accessPackageAssignmentRequest: cancel', line: 7, column: 3 },
    language: 'en-US',
    bilingual: false,
    frontMatter: { doc_type: 'apiPageType', author: 'nobody' },
    api: { value: 'beta' },
    permissions: {
      layout: 'three-columns',
      rows: [{ ...work, least: 'EntitlementMgmt-SubjectAccess.ReadWrite', higher: [all] }, personal, application],
    },
    requests: [
      { value: { method: 'POST', path: `${newPath}/{accessPackageAssignmentRequestId}/cancel` }, line: 33, column: 1 },
      { value: { collection: 'accessPackageAssignmentRequests' }, line: 34 },
    ],
    retiring: { value: 'accessPackageAssignmentRequests', line: 26 },
    headers: [
      { value: { name: 'Authorization', scheme: 'Bearer', required: true } },
      { value: { name: 'Content-Type' } },
    ],
    cancellable: values(...fourStates),
    body: {
      rule: 'representation',
      resource: 'accessPackageAssignmentRequest',
      members: values('id', 'requestStatus'),
      values: values('cancelled'),
      demandedOf: 'non-administrators',
    },
    success: [{ value: { status: 200, reason: 'OK' } }],
    content: 'none',
    exampleRequest: {
      value: {
        method: 'POST',
        url: `https://graph.microsoft.com/beta${newPath}/{id}/cancel`,
        headers: { authorization: 'Bearer {token}', 'content-type': 'application/json' },
        json: { requestStatus: 'cancelled' },
      },
    },
    exampleResponse: { value: { status: 200, reason: 'OK', body: null } },
    blockTypes: [
      { value: { blockType: 'ignored' } },
      { value: { name: 'cancel_a_request' } },
      { value: { truncated: true } },
    ],
  });
});

const keys = ['permissions', 'http-request', 'request-headers', 'request-body', 'response', 'examples'];

test('knows the parts of a German page without anchors by what stands in them', async ({ folder }) => {
  placePages(folder, 'ohne-anker.de-DE.md');
  const report = await readDoc(folder, ['ohne-anker.de-DE.md']);
  const contract = report.pages[0]?.contract;
  expect(contract?.sections.map(({ value }) => value)).toEqual(keys);
  expect(contract).toMatchObject({
    language: 'de-DE',
    permissions: {
      layout: 'two-columns',
      rows: [{ least: all, higher: ['Directory.ReadWrite.All'] }, personal, application],
    },
    headers: [{ value: { required: true } }],
    body: { rule: 'representation', members: values('id', 'requestStatus'), demandedOf: null },
    success: [{ value: { status: 204, reason: 'No Content' } }],
    content: 'resource',
  });
  expect(foundIn(report)).toEqual([
    '3:34 name-damaged',
    '26:37 content-type-not-named',
    '33:1 body-demanded-and-not-shown',
    '38:1 success-status',
    '38:1 content-not-shown',
  ]);
});

test('knows the parts of a Japanese page by its anchors, and a body rule of none', async ({ folder }) => {
  placePages(folder, 'anchors.ja-JP.md');
  const report = await readDoc(folder, ['anchors.ja-JP.md'], 'v1.0-2021-12');
  const contract = report.pages[0]?.contract;
  expect(contract?.sections.map(({ value }) => value)).toEqual(keys);
  expect(contract).toMatchObject({
    language: 'ja-JP',
    api: { value: 'v1.0' },
    permissions: { layout: 'three-columns', rows: [{ ...work, least: all, higher: [] }, personal, application] },
    headers: [{ value: { required: true } }],
    body: { rule: 'none', members: [], values: [] },
    exampleResponse: { value: { status: 204 } },
  });
  expect(foundIn(report)).toEqual([
    '35:1 authorization-not-shown',
    '37:1 content-type-not-named',
    '37:1 body-forbidden-and-shown',
    '37:1 body-not-json',
    '42:1 success-status',
  ]);
});

test('reads the source side of an Arabic page, and says what the translation did to code', async ({ folder }) => {
  placePages(folder, 'side-by-side.ar-SA.md');
  const report = await readDoc(folder, ['side-by-side.ar-SA.md'], 'beta-2024');
  const [page] = report.pages;
  expect(page?.contract).toMatchObject({
    language: 'ar-SA',
    bilingual: true,
    title: { value: 'accessPackageAssignmentRequest: cancel', segment: 'own-101' },
    permissions: {
      rows: [{ ...work, label: 'Delegated (work or school account)', segment: 'own-107' }, personal, application],
    },
    cancellable: values(...fourStates),
    body: { members: values('id', 'requestStatus'), demandedOf: 'non-administrators' },
    success: [{ value: { status: 200 }, segment: 'own-123' }],
  });
  expect(foundIn(report)).toEqual([
    '3:23 name-damaged',
    '8:29 token-lost',
    '8:103 token-displaced',
    '22:1 drift-path',
    '33:36 token-changed',
    '33:68 token-displaced',
    '37:192 token-elsewhere',
    '37:328 segment-alone',
  ]);
  expect(page?.findings.map(({ message }) => message).join('\n')).toContain('brackets are left empty');
  expect(page?.findings.find(({ rule }) => rule === 'token-elsewhere')).toMatchObject({
    segment: 'own-124',
    also: { line: 37, column: 132, segment: 'own-123' },
  });
});

test('names an include that was not given, and reads it when it is', async ({ folder }) => {
  placePages(folder, 'include.en-US.md', 'includes/cancel-permissions.md');
  const without = await readDoc(folder, ['include.en-US.md']);
  expect(without.pages[0]?.contract.permissions).toMatchObject({ layout: 'include', from: null, rows: [] });
  expect(without.pages[0]?.unresolved).toEqual([expect.stringContaining('includes/permissions/cancel-permissions.md')]);
  const report = await readDoc(folder, ['include.en-US.md', 'includes/cancel-permissions.md'], 'beta-2024');
  expect(report.pages).toHaveLength(1);
  expect(report.pages[0]).toMatchObject({ unresolved: [], closestEditions: ['v1.0-2021-12'] });
  expect(report.pages[0]?.contract.permissions).toMatchObject({
    layout: 'three-columns',
    from: 'includes/cancel-permissions.md',
    rows: [{ ...work, least: all, higher: [] }, personal, { supported: true, least: 'Group.ReadWrite.All' }],
  });
  expect(foundIn(report)).toEqual([
    '9:33 drift-cancellable',
    '10:14 drift-permission',
    '31:72 drift-body',
    '34:38 several-success-statuses',
    '38:1 block-comment',
    '40:1 request-not-listed',
    '40:1 api-version',
    '40:1 drift-api',
    '43:1 content-type-not-named',
    '43:1 body-member-not-shown',
    '43:1 body-member-not-shown',
    '47:1 drift-example-status',
    '50:1 content-shown',
  ]);
});

const edits: readonly (readonly [string, readonly (readonly [string, string])[], readonly string[]])[] = [
  ['another status in the example', [['HTTP/1.1 200 OK', 'HTTP/1.1 204 No Content']], ['85:1 success-status']],
  ['another reason phrase', [['HTTP/1.1 200 OK', 'HTTP/1.1 200 Status OK']], ['85:1 reason-phrase']],
  ['no Authorization in the example', [['Authorization: Bearer {token}\n', '']], ['63:1 authorization-not-shown']],
  [
    'no Content-Type anywhere',
    [
      ['|Content-Type|application/json|\n', ''],
      ['Content-Type: application/json\n', ''],
    ],
    ['65:1 content-type-not-named'],
  ],
  [
    'the example on the path that goes away',
    [
      [
        'beta/identityGovernance/entitlementManagement/a',
        'beta/identityGovernance/entitlementManagement/accessPackageA',
      ],
    ],
    ['63:1 example-path-retiring'],
  ],
  ['metadata that is no YAML', [['author: "nobody"', 'author: "nobody']], ['5:1 front-matter']],
  [
    'no permission table',
    [[pageText('sound.en-US.md').split('\n').slice(16, 21).join('\n'), '']],
    ['14:1 part-missing'],
  ],
  ['no response', [['`200 OK`', 'a code']], ['48:1 part-missing']],
];

for (const [what, changes, found] of edits) {
  test(`finds ${what}, and nothing else`, async ({ folder }) => {
    const report = await readDoc(folder, [placeEdited(folder, ...changes)]);
    expect(foundIn(report)).toEqual(found);
  });
}

test('the same page with other line ends or a byte order mark says the same', async ({ folder }) => {
  const text = pageText('include.en-US.md');
  writeFileSync(path.join(folder, 'plain.md'), text);
  writeFileSync(path.join(folder, 'crlf.md'), text.replaceAll('\n', '\r\n'));
  writeFileSync(path.join(folder, 'mark.md'), `\ufeff${text}`);
  const { pages } = await readDoc(folder, ['plain.md', 'crlf.md', 'mark.md']);
  const [plain, ...others] = pages.map(({ findings }) => findings);
  expect(plain).not.toEqual([]);
  expect(others).toEqual([plain, plain]);
});

test('JSON matches its published schema, and YAML says the same', async ({ folder }) => {
  const names = [
    'sound.en-US.md',
    'ohne-anker.de-DE.md',
    'anchors.ja-JP.md',
    'side-by-side.ar-SA.md',
    'include.en-US.md',
  ];
  placePages(folder, ...names);
  const report = await readDoc(folder, names, 'v1.0-2023');
  const model = JSON.parse(await renderDoc(report, 'json')) as unknown;
  const validate = schemaValidator('suite/doc');
  expect(validate(model) ? [] : validate.errors).toEqual([]);
  expect(parse(await renderDoc(report, 'yaml'))).toEqual(model);
});

test('what was read is printed as asked for, and written as JSON and YAML', async ({ folder }) => {
  const name = 'ohne-anker.de-DE.md';
  placePages(folder, name);
  const ended = await doc(folder, name, '--edition', 'v1.0-2023', '--format', 'yaml', '--out', 'out');
  expect(ended.exitCode).toBe(1);
  const report = await readDoc(folder, [name], 'v1.0-2023');
  expect(ended.stdout).toBe(await renderDoc(report, 'yaml'));
  const written = (file: string): string => readFileSync(path.join(folder, 'out', file), 'utf8');
  expect(written('doc.yaml')).toBe(ended.stdout);
  expect(written('doc.json')).toBe(await renderDoc(report, 'json'));
});

test('SARIF is valid, and points where the findings are', async ({ folder }) => {
  placePages(folder, 'side-by-side.ar-SA.md');
  const report = await readDoc(folder, ['side-by-side.ar-SA.md']);
  const log = JSON.parse(await renderDoc(report, 'sarif')) as Log;
  expect(objectionsToSarif(log)).toEqual([]);
  const [{ results = [], tool } = { tool: { driver: { name: '' } } }] = log.runs;
  const placed = results.map(({ ruleId, locations: [place] = [] }) => {
    const { artifactLocation, region } = place?.physicalLocation ?? {};
    expect(artifactLocation?.uri).toBe('side-by-side.ar-SA.md');
    return `${region?.startLine ?? 0}:${region?.startColumn ?? 0} ${ruleId ?? ''}`;
  });
  expect(placed).toEqual(foundIn(report));
  const known = (tool.driver.rules ?? []).map(({ id }) => id);
  expect(results.filter(({ ruleId, ruleIndex }) => known[ruleIndex ?? -1] !== ruleId)).toEqual([]);
});
