import { personas } from '../../endpoint/personas.js';
import { describe, type PlatformRefusal } from './refusals.js';

/** Who may be chosen on a page: everybody who can sign in at all. */
const people = personas.filter(({ userId, lifetimeS }) => userId !== null && lifetimeS > 0);

const page = (title: string, content: string): string =>
  `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${title}</title></head>
<body><main><h1>${title}</h1>
${content}
</main></body></html>
`;

/** What the pages of the control side are like. */
interface PageOptions {
  /** True: the control side asks for its key. */
  readonly isKeyed: boolean;
}

/** The emulated platform knows no passwords: whoever opens a page chooses who they are. */
const choice = ({ isKeyed }: PageOptions): string => `<p><label>Who you are <select name="persona">
${people.map(({ name, displayName }) => `<option value="${name}">${displayName} (${name})</option>`).join('\n')}
<option value="">nobody: decline</option>
</select></label></p>
${isKeyed ? '<p><label>Key of the control side <input name="key" type="password" required></label></p>\n' : ''}<p><button>Next</button></p>`;

const onDevice = 'Sign in on another device';
const inBrowser = 'Sign in';

/** The page on which a person enters the code that another device shows. */
export const devicePage = (options: PageOptions): string =>
  page(
    onDevice,
    `<form method="post">
<p><label>Code <input name="userCode" autocomplete="off" required autofocus></label></p>
${choice(options)}
</form>`,
  );

const results = {
  done: 'Done. Go back to your device; this page can be closed.',
  unknown: 'There is no such code, it was used, or this person may not sign in there.',
  unkeyed: 'The key is not the one of the control side.',
} as const;

/** What the page says of a code that was entered. */
export const deviceResult = (result: keyof typeof results): string => page(onDevice, `<p>${results[result]}</p>`);

/** The page on which a person signs in, before the browser goes back to the application. */
export const signInPage = (options: PageOptions): string =>
  page(inBrowser, `<form method="post">\n${choice(options)}\n</form>`);

const signInProblems = {
  elsewhere: 'There is no such person, or they may not sign in to this tenant. Go back and choose somebody else.',
  unkeyed: results.unkeyed,
} as const;

/** What the page says to somebody who cannot sign in so. */
export const signInProblem = (problem: keyof typeof signInProblems): string =>
  page(inBrowser, `<p>${signInProblems[problem]}</p>`);

/** What a person reads where the browser may not be sent back. */
export const refusalPage = (refusal: PlatformRefusal): string => page(inBrowser, `<p>${describe(refusal)}</p>`);
