import { createHash } from 'node:crypto';
import type { ComponentChildren } from 'preact';
import { render } from 'preact-render-to-string';

interface PageParts {
  readonly title: string;
  /** A constant: it stands in the page unescaped, so it holds no double quotes, ampersands or less-than signs. */
  readonly stylesheet: string;
  /** Constants: the only scripts of the page, in order. */
  readonly scripts?: readonly string[];
  /** Another constant: one that the others start when the page has been drawn; null: none. */
  readonly late?: string | null;
  readonly children: ComponentChildren;
}

/**
 * One offline page. Its content security policy admits nothing but the one style sheet and the suite's own scripts, by hash, so that
 * even an escaping error could not run or fetch anything.
 */
export function renderPage({ title, stylesheet, scripts = [], late = null, children }: PageParts): string {
  const admitted = late === null ? scripts : [...scripts, late];
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={contentSecurityPolicy(stylesheet, admitted)} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>{title}</title>
        <style>{stylesheet}</style>
      </head>
      <body>
        {children}
        {late === null ? null : <script id="late" type="text/plain" dangerouslySetInnerHTML={{ __html: late }} />}
        {scripts.map((script) => (
          <script dangerouslySetInnerHTML={{ __html: script }} />
        ))}
      </body>
    </html>
  );
  return `<!doctype html>\n${render(page)}\n`;
}

/** All elements hold the constants themselves, unescaped. */
function contentSecurityPolicy(stylesheet: string, scripts: readonly string[]): string {
  const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');
  const sources = scripts.map((script) => ` 'sha256-${hashOf(script)}'`).join('');
  const run = sources === '' ? '' : ` script-src${sources};`;
  return `default-src 'none'; style-src 'sha256-${hashOf(stylesheet)}';${run} base-uri 'none'; form-action 'none'`;
}
