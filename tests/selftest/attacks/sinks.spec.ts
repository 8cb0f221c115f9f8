import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import type { Nodes } from 'mdast';
import type { Log } from 'sarif';
import { parse } from 'yaml';
import { renderAnnotations, renderOutputs } from '../../../src/report/annotations.js';
import { renderBadge } from '../../../src/report/badge.js';
import { renderCtrf } from '../../../src/report/ctrf.js';
import { renderEvidence } from '../../../src/report/evidence.js';
import { renderHar } from '../../../src/report/har.js';
import { renderJunit } from '../../../src/report/junit.js';
import { cell, code, line, markdownFile } from '../../../src/report/markdown.js';
import type { Report } from '../../../src/report/model.js';
import { renderLog, renderSarif } from '../../../src/report/sarif.js';
import { renderSummary } from '../../../src/report/summary.js';
import { renderTerminal } from '../../../src/report/terminal.js';
import { forTerminal } from '../../../src/report/visible.js';
import { draftWaivers, renderWaiverDraft } from '../../../src/report/waiver-draft.js';
import { expect } from '../support/cli.js';
import { hostileOf, test } from '../support/finished-runs.js';
import { active, firstFlaw } from '../support/well-formed.js';

// What others say, in each medium that acts on what it is told: nothing of it may act there.

/** Texts that somebody would try, by what they would bring about. */
const attempts: Readonly<Record<string, string>> = {
  'a command of Azure Pipelines': '##vso[task.setvariable variable=x]y',
  'one more sign before it': '###vso[task.setvariable variable=x]y',
  'signs that are replaced to a command': '# ##vso[task.logissue type=error]y',
  'many signs': '#######[error]y',
  'a command of GitHub': '\n::set-env name=PATH::/tmp',
  'a command of GitHub behind another end of line': '\r::error::x\u2028::error::x\u0085::error::x',
  'an old command of GitHub': '##[add-path]/tmp',
  'a line of GITHUB_OUTPUT': 'x\noutcome=conformant\nEOF',
  'a mention': '@octocat @org/team (@octocat) x@octocat',
  'a mention in references': '&#64;octocat &commat;octocat \\@octocat',
  'a reference to an issue': '#1 org/repo#1 GH-1 &#35;1',
  'a bare address': 'https://evil.example/a http://evil.example www.evil.example ftp://evil.example',
  'an address in capitals': 'HTTPS://EVIL.EXAMPLE WWW.EVIL.EXAMPLE mailto:a@evil.example xmpp:a@evil.example',
  'a link': '[text](https://evil.example) ![image](https://evil.example/x.png) <https://evil.example>',
  'a link by reference': '[text][1]\n\n[1]: https://evil.example',
  'an escaped link': '\\[text](https://evil.example) \\\\[text](https://evil.example)',
  'a place to be filled': '{0} {1} {{0}} {0',
  markup: '<script>alert(1)</script><img src=x onerror=alert(1)><!-- --><details open ontoggle=x>',
  'the end of a comment': '--> <b>x</b> <!-- ',
  'the end of a cell': ' | a | b |\n|---|\n# heading',
  'the end of code': '`` ` ``` ~~~ `x`',
  'a heading, a list, a rule': '\n# x\n- x\n---\n> x\n1. x',
  'mathematics and diagrams': '$x$ $$x$$ ```mermaid\nx\n```',
  'colours and a title of the terminal': '\u001b[31mred\u001b[0m\u001b]0;title\u0007\u001b]8;;http://x\u0007',
  'text that a terminal hides': '\u001b[8mhidden\u001b[28m\u001b[1A\u001b[2K\r\u001b[2Kover',
  'controls of the second kind': '\u009b31m\u0090x\u009c\u0085\u008d',
  'text that runs backwards': '\u202egnp.exe\u202c\u2066x\u2069',
  'characters without a width': 'a\u200bb\u200dc\ufeffd\u00ade\u{e0041}',
  'halves of characters': '\ud800 \udc00 \ufffe \uffff',
  'the end of a section': ']]> <![CDATA[ x ]]&gt; <?xml?>',
  'an anchor of YAML': '*a &b !!js/function x: "y" \'z\' # c',
};

/** All texts of a tree of Markdown, as a service sees them that looks for mentions and addresses: each piece by itself. */
const piecesOf = (node: Nodes): readonly string[] =>
  'children' in node ? node.children.flatMap(piecesOf) : node.type === 'text' ? [node.value] : [];

const kindsIn = (node: Nodes): readonly string[] => [
  node.type === 'html' ? `html ${node.value}` : node.type,
  ...('children' in node ? node.children.flatMap(kindsIn) : []),
];

const found = /@\w|(?<![\w&])#\d|:\/\/|www\.|(?:mailto|xmpp):\S/i;

/** What of a text in Markdown would act on its reader. */
function liveIn(markdown: string): readonly string[] {
  const tree = fromMarkdown(markdown);
  return [
    ...kindsIn(tree).filter((kind) => /^(?:link|image|definition|html(?! <!-- -->$))/.test(kind)),
    ...piecesOf(tree).filter((piece) => found.test(piece)),
    ...(active.exec(markdown) ?? []),
  ];
}

/** Links and places to be filled that a reader of SARIF would find in its messages. */
const liveInSarif = (text: string): readonly string[] =>
  [...JSON.stringify(JSON.parse(text)).matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)]
    .map(([, message = '']) => JSON.parse(`"${message}"`) as string)
    .filter((message) => /(?<!\\)(?:\\\\)*\[[^\]]*\]\(|(?<!\{)\{\d+\}(?!\})/.test(message) || active.test(message));

const commandsIn = (lines: readonly string[], own: RegExp): readonly string[] =>
  lines.flatMap((text) => [
    ...(own.test(text) ? [] : [text]),
    ...(/##|\p{Cc}|\p{Zl}|\p{Zp}/u.test(text.replace(own, '')) ? [text] : []),
  ]);

const ownColour = new RegExp(String.raw`\u001b\[\d{1,2}m|\r\u001b\[2K`, 'g');

/** Each medium: what in it would act, when a run of a target that says the text is told there. */
const media: Readonly<Record<string, (report: Report) => readonly string[]>> = {
  'the terminal': (report) => {
    const text = renderTerminal(report, { colour: true, reportPath: 'x' });
    return [...(active.exec(text.replaceAll(ownColour, '')) ?? [])];
  },
  'summary.md': (report) => liveIn(renderSummary(report)),
  'annotations of GitHub': (report) =>
    commandsIn(renderAnnotations(report, 'github'), /^::(?:error|warning) title=[^:]*::/),
  'annotations of Azure': (report) =>
    commandsIn(renderAnnotations(report, 'azure'), /^##vso\[task\.logissue type=(?:error|warning)\]/),
  'results.sarif': (report) => liveInSarif(renderSarif(report)),
  'junit.xml': (report) => {
    const xml = renderJunit(report);
    return [...(active.exec(xml) ?? []), ...(firstFlaw(xml) === null ? [] : [String(firstFlaw(xml))])];
  },
  'badge.svg': (report) => {
    const svg = renderBadge(report);
    return [...(active.exec(svg) ?? []), ...(/<(?:script|img|a|b)\b|&(?!#|amp|lt|gt|quot)/.exec(svg) ?? [])];
  },
  'evidence.jsonl': (report) => [...(active.exec(renderEvidence(report)) ?? [])],
  'ctrf.json': (report) => [...(active.exec(renderCtrf(report)) ?? [])],
  'evidence.har': (report) => [...(active.exec(renderHar(report)) ?? [])],
  'a draft of waivers': (report) => {
    const author = { reason: report.target.name, owner: report.target.name, expires: '9999-12-31' };
    const text = renderWaiverDraft(report, draftWaivers(report, author));
    const { waivers } = parse(text) as { readonly waivers: readonly { readonly reason: string }[] };
    return [
      ...(active.exec(text) ?? []),
      ...waivers.map(({ reason }) => reason).filter((reason) => reason !== report.target.name),
    ];
  },
};

/** What failed, and what that needs to be told: each medium is asked dozens of times. */
function failedOf(report: Report): Report {
  const requirements = report.requirements.filter(({ verdict }) => verdict === 'failed');
  const ids = new Set(requirements.flatMap(({ checks }) => checks));
  const checks = report.checks.filter(({ id, verdict }) => verdict === 'failed' && ids.has(id)).slice(0, 12);
  const cases = report.cases.filter(({ id }) => checks.some(({ caseId }) => caseId === id));
  return { ...report, requirements, checks, cases, exchanges: report.exchanges.slice(0, 3) };
}

for (const [medium, live] of Object.entries(media)) {
  test(`nothing that a target says acts in ${medium}`, ({ runs }) => {
    const report = failedOf(runs.nonconformant);
    const acts = Object.entries(attempts).filter(([, text]) => live(hostileOf(report, text)).length > 0);
    expect(acts).toEqual([]);
  });
}

test('what these tests look for acts where nobody makes it harmless', () => {
  const inMarkdown = [
    'a mention',
    'a mention in references',
    'a reference to an issue',
    'a bare address',
    'a link',
    'markup',
  ];
  const more = ['an address in capitals', 'a link by reference', 'an escaped link', 'controls of the second kind'];
  expect([...inMarkdown, ...more].filter((what) => liveIn(attempts[what] ?? '').length === 0)).toEqual([]);
  const inSarif = ['a link', 'an escaped link', 'a place to be filled', 'text that runs backwards'];
  const messages = inSarif.map((what) => JSON.stringify({ text: attempts[what] }));
  expect(messages.filter((message) => liveInSarif(message).length === 0)).toEqual([]);
  const commands = ['a command of Azure Pipelines', 'an old command of GitHub', 'a command of GitHub'];
  expect(commands.filter((what) => commandsIn([`::x::${attempts[what] ?? ''}`], /^::x::/).length === 0)).toEqual([]);
});

const anyText = fc
  .array(fc.oneof(fc.constantFrom(...Object.values(attempts)), fc.string({ unit: 'binary', maxLength: 8 })), {
    maxLength: 4,
  })
  .map((parts) => parts.join(''));

test('whatever is said, nothing acts behind any door of a medium', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const printed = forTerminal(text).replaceAll(ownColour, '');
      expect(active.exec(printed)).toBeNull();
      expect(printed).not.toMatch(/##(?:vso)?\[/i);
      const log = renderLog({ tool: { driver: { name: text } }, results: [{ message: { text } }] });
      expect(JSON.parse(log) as Log).toBeTruthy();
      expect(liveInSarif(log).filter((message) => !active.test(message))).toEqual([]);
      expect(liveIn(markdownFile([line`- ${text}`, cell(text)]))).toEqual([]);
      expect(kindsIn(fromMarkdown(code(text).source)).filter((kind) => /link|image|html/.test(kind))).toEqual([]);
      expect(renderOutputs({ a: text }, 'github').join()).toMatch(/^a=[^\p{Cc}\p{Zl}\p{Zp}]*$/u);
      expect(
        commandsIn(renderOutputs({ a: text }, 'azure'), /^##vso\[task\.setvariable variable=a;isOutput=true\]/),
      ).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
