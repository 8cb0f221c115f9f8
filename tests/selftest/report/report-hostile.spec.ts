import { createHash } from 'node:crypto';
import { stripVTControlCharacters } from 'node:util';
import { expect } from '@playwright/test';
import { create } from 'xmlbuilder2';
import { renderCtrf } from '../../../src/report/ctrf.js';
import { renderEvidence } from '../../../src/report/evidence.js';
import { renderHar } from '../../../src/report/har.js';
import { renderHtml } from '../../../src/report/html/page.js';
import { judgeScript, pageScript } from '../../../src/report/html/script.js';
import { renderJunit } from '../../../src/report/junit.js';
import type { Report } from '../../../src/report/model.js';
import { renderSarif } from '../../../src/report/sarif.js';
import { renderSummary } from '../../../src/report/summary.js';
import { renderTerminal } from '../../../src/report/terminal.js';
import { carriedEvidence, withoutEvidence } from '../support/carried-evidence.js';
import { hostileText, kinds, pageOf, test } from '../support/finished-runs.js';
import { active, firstFlaw } from '../support/well-formed.js';

/** A sequence that sets a colour: the only one that may reach a terminal. */
const escape = '\u001b';
const colourSequence = new RegExp(`${escape}\\[\\d+m`, 'g');

const plain = { colour: false, reportPath: 'reports/index.html' };

const renderers: readonly (readonly [name: string, render: (report: Report) => string])[] = [
  ['index.html', renderHtml],
  ['junit.xml', renderJunit],
  ['results.sarif', renderSarif],
  ['ctrf.json', renderCtrf],
  ['evidence.har', renderHar],
  ['summary.md', renderSummary],
  ['evidence.jsonl', renderEvidence],
  ['the terminal', (report) => renderTerminal(report, plain)],
];

for (const [name, render] of renderers) {
  test(`${name} holds no character that acts or hides`, ({ runs }) => {
    expect(hostileText).toMatch(active);
    const text = render(runs.hostile);
    expect(text).toContain('alert(1)');
    expect(active.exec(text)?.[0].codePointAt(0)?.toString(16)).toBeUndefined();
    expect(Buffer.from(text).toString()).toBe(text);
  });
}

/** Names of elements and of their attributes, as a parser would see them in text that a renderer wrote. */
function markupOf(html: string): { readonly tags: readonly string[]; readonly attributes: readonly string[] } {
  const opening = [...html.matchAll(/<([a-z][\w-]*)((?:"[^"]*"|[^">])*)>/gi)];
  const attributes = opening.flatMap(([, , text = '']) => [
    ...text.replaceAll(/"[^"]*"/g, '').matchAll(/[\w-]+(?==)/g),
  ]);
  const unique = (list: readonly string[]): readonly string[] => [...new Set(list)].sort();
  return { tags: unique(opening.map(([, tag = '']) => tag)), attributes: unique(attributes.map(([name]) => name)) };
}

/** All that runs in a page. */
const ownScripts = [pageScript(), judgeScript()];

for (const kind of kinds) {
  test(`the page of the ${kind} run has its own scripts alone and fetches nothing`, ({ runs }) => {
    const elements = `<script id="late" type="text/plain">${judgeScript()}</script><script>${pageScript()}</script>`;
    const [whole = '', ...others] = pageOf(runs[kind]).split(elements);
    expect(others).toEqual(['</body></html>\n']);
    expect(whole).toMatch(new RegExp(`${carriedEvidence.source}$`));
    const html = withoutEvidence(whole);
    expect(html).not.toMatch(/<script/i);
    const { tags, attributes } = markupOf(html);
    const forbidden = ['script', 'link', 'img', 'iframe', 'object', 'embed', 'base', 'video', 'audio', 'use'];
    expect(tags.filter((tag) => forbidden.includes(tag.toLowerCase()))).toEqual([]);
    const active = ['src', 'srcset', 'action', 'formaction', 'data', 'poster', 'style', 'xlink:href'];
    expect(attributes.filter((attribute) => active.includes(attribute) || attribute.startsWith('on'))).toEqual([]);
    // Nothing leaves the page but where its reader goes, to a source that the contract names.
    const outside = [...html.matchAll(/\shref="([^"]*)"/g)].flatMap(([, href = '']) =>
      href.startsWith('#') ? [] : [href],
    );
    const { requirements, contested } = runs.conformant;
    const sources = new Set([...requirements, ...contested].flatMap(({ source = [] }) => source.map(({ url }) => url)));
    // Pages that other commands make beside this one.
    const beside = ['doc.html', 'comparison.html', 'history.html', 'kill-matrix.html'];
    expect(outside.filter((href) => !sources.has(href.replaceAll('&amp;', '&')))).toEqual(beside);
  });

  test(`the style sheet of the ${kind} run is the one that its policy admits, and asks for nothing`, ({ runs }) => {
    const html = pageOf(runs[kind]);
    const policies = [...html.matchAll(/<meta http-equiv="Content-Security-Policy" content="([^"]*)"/g)];
    const sheets = [...html.matchAll(/<style>([^<]*)<\/style>/g)].map(([, text = '']) => text);
    expect(sheets).toHaveLength(1);
    const hash = createHash('sha256').update(sheets.join()).digest('base64');
    const scripts = ownScripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    const policy = `default-src 'none'; style-src 'sha256-${hash}'; script-src ${scripts.join(' ')}; base-uri 'none'; form-action 'none'`;
    expect(policies.map(([, content]) => content)).toEqual([policy]);
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<style>'));
    expect(sheets.join()).not.toMatch(/url\(|@import|https?:/i);
  });
}

test('the scripts of the page end nowhere but at their end, and ask for nothing', () => {
  expect(pageScript().length).toBeGreaterThan(1000);
  expect(pageScript()).not.toMatch(/<\/script|<!--|fetch|XMLHttpRequest|import|innerHTML|eval|https?:/i);
  expect(judgeScript()).toContain('judgeCarried');
  const active = /<\/?script|XMLHttpRequest|\b(?:fetch|import|eval|Function)\(/;
  expect(active.exec(judgeScript())?.[0]).toBeUndefined();
});

test('hostile text adds no element and no attribute to the page', ({ runs }) => {
  const { suiteFaults } = runs.hostile;
  const clean = markupOf(renderHtml({ ...runs.nonconformant, suiteFaults }));
  expect(markupOf(pageOf(runs.hostile))).toEqual(clean);
});

test('junit.xml of the hostile run is well-formed, and its texts are told in escapes', ({ runs }) => {
  const xml = renderJunit(runs.hostile);
  expect(firstFlaw(xml)).toBeNull();
  const texts: string[] = [];
  create(xml).each((child) => texts.push(child.node.textContent ?? ''), false, true);
  expect(
    texts.some((text) => text.includes(']]> --> &lt; "\'`') && text.includes('\\u0000\\u0007\\u001b[31mred')),
  ).toBe(true);
});

for (const [flaw, broken] of [
  ['an element that is not closed', '<a><b></a>'],
  ['markup in a text', '<a>x < y</a>'],
  ['markup in an attribute', '<a b="<"></a>'],
  ['a bare ampersand', '<a>x & y</a>'],
  ['the end of a section', '<a>x ]]> y</a>'],
  ['two roots', '<a></a><a></a>'],
]) {
  test(`the test above would notice ${flaw ?? ''}`, () => {
    expect(firstFlaw('<a b="x">y</a>')).toBeNull();
    expect(firstFlaw(broken ?? '')).not.toBeNull();
  });
}

test('summary.md of the hostile run holds data as data: no markup of its own', ({ runs }) => {
  const summary = renderSummary(runs.hostile);
  const ownMarkup = /<!-- -->|`[0-9a-f]{64}`|`index\.html`|`http:[^`]*`|`npx --no cancel-conformance run [\w ,-]*`/g;
  expect(summary.replaceAll(ownMarkup, '')).not.toMatch(/[<>`\\[\]]|&(?!#\d+;)/);
  const headings = (text: string): readonly string[] => text.match(/^#.*$/gm) ?? [];
  expect(headings(summary)).toEqual(headings(renderSummary({ ...runs.nonconformant, suiteFaults: ['x'] })));
});

/** Everything at once: failures, warnings, many reasons, a filter, faults of the suite, long texts. */
function worstOf(report: Report): Report {
  const verdicts = ['failed', 'inconclusive', 'failed', 'passed'] as const;
  const requirements = report.requirements.map((row, index) => {
    return { ...row, verdict: verdicts[index % 4] ?? 'passed', reason: `reason ${index} ${hostileText.repeat(9)}` };
  });
  const run = { ...report.run, partial: true, areas: ['STATE'] as const, explanation: `${hostileText} `.repeat(99) };
  return {
    ...report,
    run,
    requirements,
    suiteFaults: Array.from({ length: 50 }, (_, index) => `${index}${hostileText}`),
  };
}

for (const kind of kinds) {
  for (const [how, change] of [
    ['as it is', (report: Report) => report],
    ['at its worst', worstOf],
  ] as const) {
    test(`the terminal shows the ${kind} run ${how} in few lines of 100 columns, which the command and the path may exceed`, ({
      runs,
    }) => {
      const report = change(runs[kind]);
      const lines = renderTerminal(report, { ...plain, width: 100 }).split('\n');
      expect(lines.pop()).toBe('');
      expect(lines.length).toBeLessThanOrEqual(how === 'as it is' ? 36 : 60);
      const long = lines.filter((line) => Array.from(line).length > 100 && !/^ {2}(?:Again|Report) /.test(line));
      expect(long).toEqual([]);
      expect(lines.join('\n')).toContain(report.run.outcome.toUpperCase());
      expect(lines.join('\n')).toContain('reports/index.html');
    });

    test(`the terminal shows the ${kind} run ${how} in colours that are its own alone`, ({ runs }) => {
      const report = change(runs[kind]);
      const coloured = renderTerminal(report, { ...plain, colour: true });
      expect(coloured).toMatch(colourSequence);
      expect(coloured.replaceAll(colourSequence, '')).toBe(renderTerminal(report, plain));
      expect(stripVTControlCharacters(coloured)).toBe(renderTerminal(report, plain));
    });
  }
}
