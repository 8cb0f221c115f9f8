import { createHash } from 'node:crypto';
import type { VNode } from 'preact';
import { render } from 'preact-render-to-string';
import { digest, type Digest } from '../digest.js';
import type { Report } from '../model.js';
import { visibleReport } from '../visible.js';
import { outcomeAdditions } from '../words.js';
import { Areas, Requirements } from './areas.js';
import { Configuration, Key, Observations } from './annex.js';
import { Evidence } from './evidence.js';
import { FirstScreen } from './first-screen.js';
import { STYLESHEET } from './stylesheet.js';

/**
 * `index.html`: the whole report as one offline page without scripts. Its content security policy admits nothing but
 * the one style sheet, by hash, so that even an escaping error could not run or fetch anything.
 */
export function renderHtml(report: Report): string {
  return `<!doctype html>\n${render(<Page all={digest(visibleReport(report))} />)}\n`;
}

function Page({ all }: { readonly all: Digest }): VNode {
  const { target, run } = all.report;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={contentSecurityPolicy()} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>{`${target.name}: ${[run.outcome, ...outcomeAdditions(all.report)].join(', ')}, conformance of accessPackageAssignmentRequest: cancel`}</title>
        <style>{STYLESHEET}</style>
      </head>
      <body>
        <a class="skip" href="#requirements">
          Skip to the requirements
        </a>
        <main>
          <FirstScreen all={all} />
          <Areas all={all} />
          <Requirements all={all} />
          <Evidence all={all} />
          <Observations report={all.report} />
          <Configuration report={all.report} />
          <Key />
        </main>
        <Footer report={all.report} />
      </body>
    </html>
  );
}

function Footer({ report }: { readonly report: Report }): VNode {
  return (
    <footer>
      <p>
        Written by {report.suite.name} {report.suite.version}, run {report.run.id}. This page is a view of{' '}
        <code>report.json</code> beside it; <code>evidence.jsonl</code> holds every exchange as captured.
      </p>
    </footer>
  );
}

/** The style element holds the constant itself, unescaped: it contains no character that the library would escape. */
function contentSecurityPolicy(): string {
  const hash = createHash('sha256').update(STYLESHEET).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}
