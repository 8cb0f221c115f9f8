import { expect, test } from '@playwright/test';
import { captureCapBytes } from '../../../src/engine/exchange/capture.js';
import { judgedVerb, type MadeUpAnswer } from '../support/made-up-evidence.js';

const errorBody = (message: string): string => JSON.stringify({ error: { code: 'Broken', message, innerError: {} } });

const stackTraces: readonly (readonly [platform: string, text: string])[] = [
  ['V8', 'TypeError: no\n    at CancelHandler.handle (file:///srv/app/handler.js:118:23)\n    at next (x.js:1:2)'],
  ['V8, anonymous', 'Error: x\n    at /srv/app/index.js:10:5'],
  ['V8, async', 'Error: x\n    at async Router.dispatch (node:internal/router:64:17)'],
  ['V8, constructor', 'Error: x at new Store (C:\\app\\store.ts:3:9)'],
  ['.NET with lines', '   at Contoso.Cancel.Run(String id) in C:\\src\\Cancel.cs:line 42'],
  ['.NET without lines', '   at Contoso.Cancel.Run(String id)\r\n   at Contoso.Router.Go(HttpContext context)'],
  ['JVM', 'java.lang.IllegalStateException\n\tat com.contoso.Cancel.run(Cancel.java:42)'],
  ['JVM, Kotlin', '\tat com.contoso.CancelKt$run$1.invoke(Cancel.kt:7)'],
  ['Python', 'Traceback (most recent call last):\n  File "cancel.py", line 42, in run'],
  ['Go', 'panic: nil map\n\ngoroutine 17 [running]:\nmain.cancel(0x0)'],
  ['Ruby', "cancel.rb:42:in `run'"],
  ['PHP', '#0 /srv/app/cancel.php(42): run()'],
];

const harmlessTexts: readonly string[] = [
  'The request was scheduled at noon 12:30:45 by the system.',
  'Last seen at 08:13:38.',
  'Changed at 2026-11-23T08:13:38Z; look at (08:13:38) again.',
  'No resource at /beta/identityGovernance/entitlementManagement/accessPackageAssignmentRequests/1/cancel.',
  'Nothing is served at http://127.0.0.1:4010/beta/identityGovernance.',
  'Look at the documentation (https://learn.microsoft.com/graph/errors) at any time.',
  'The caller is at fault (see section 4.2); retry at most 3 times (wait 10:20:30).',
  'The call at contoso.example(1) failed.',
  'Nothing is served at https://contoso.example/api/index.php/beta; see https://contoso.example/docs/errors.py.',
];

for (const [platform, text] of stackTraces) {
  for (const [place, answer] of [
    ['a JSON message', { status: 400, body: errorBody(text) }],
    ['plain text', { status: 500, headers: [['Content-Type', 'text/plain']], body: text }],
    ['a header', { status: 400, headers: [['X-Debug', text.replaceAll('\n', ' ')]] }],
  ] as const satisfies readonly (readonly [string, MadeUpAnswer])[]) {
    test(`finds a stack trace of ${platform} in ${place}`, () => {
      const check = judgedVerb('leaks-no-stack-trace', answer);
      expect(check.verdict).toBe('failed');
      expect(check.findings[0]?.message).toBe('the answer shows a stack trace');
      expect(check.findings[0]?.actual).toMatch(/^(?:at |Traceback|goroutine|\.rb:42|#0 )/);
    });
  }
}

for (const text of harmlessTexts) {
  test(`takes no leak for: ${text}`, () => {
    const answer = { status: 400, body: errorBody(text) };
    expect(judgedVerb('leaks-no-stack-trace', answer).verdict).toBe('passed');
    expect(judgedVerb('leaks-no-source-path', answer).verdict).toBe('passed');
  });
}

for (const text of [
  'Raised in /srv/entitlement/src/requests/cancel.ts, line 118.',
  'Raised in C:\\src\\Contoso\\Cancel.cs',
  'File "/usr/src/app/cancel.py"',
  'In file:///srv/app/dist/cancel.js (http://contoso.example/help)',
  'Raised in C:\\\\src\\\\Contoso\\\\Cancel.cs, escaped twice',
  'Raised in \\\\build01\\drop$\\Contoso\\Cancel.cs, on a share',
]) {
  test(`finds the path of a source file: ${text}`, () => {
    const check = judgedVerb('leaks-no-source-path', { status: 403, body: errorBody(text) });
    expect(check.verdict).toBe('failed');
    expect(text).toContain(check.findings[0]?.actual);
  });
}

for (const [what, unit, lead] of [
  ['slashes', '/a', '/'],
  ['what looks like places', 'a:1:', ' at a ('],
  ['what looks like frames', ' at a.b.c(d', ''],
  ['dots', 'a.', '/'],
] as const) {
  test(`the search for leaks ends soon on an answer made of ${what}`, () => {
    const text = lead + unit.repeat((4 * captureCapBytes) / unit.length);
    const begin = performance.now();
    judgedVerb('leaks-no-stack-trace', { status: 400, body: text });
    judgedVerb('leaks-no-source-path', { status: 400, body: text });
    // Four times what evidence holds takes less than a second; with an unbounded pattern it takes a minute.
    expect(performance.now() - begin).toBeLessThan(10_000);
  });
}

test('a success is not searched for leaks', () => {
  const answer = { status: 200, body: stackTraces[0]?.[1] ?? '' };
  expect(judgedVerb('leaks-no-stack-trace', answer).verdict).toBe('not-applicable');
});
