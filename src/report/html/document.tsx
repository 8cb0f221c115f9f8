import { createHash } from 'node:crypto';
import type { ComponentChildren } from 'preact';
import { render } from 'preact-render-to-string';

interface PageParts {
  readonly title: string;
  /** A constant: it stands in the page unescaped, so it holds no double quotes, ampersands or less-than signs. */
  readonly stylesheet: string;
  readonly children: ComponentChildren;
}

/**
 * One offline page without scripts. Its content security policy admits nothing but the one style sheet, by hash, so that
 * even an escaping error could not run or fetch anything.
 */
export function renderPage({ title, stylesheet, children }: PageParts): string {
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={contentSecurityPolicy(stylesheet)} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>{title}</title>
        <style>{stylesheet}</style>
      </head>
      <body>{children}</body>
    </html>
  );
  return `<!doctype html>\n${render(page)}\n`;
}

/** The style element holds the constant itself, unescaped: it contains no character that the library would escape. */
function contentSecurityPolicy(stylesheet: string): string {
  const hash = createHash('sha256').update(stylesheet).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}
