import { personas } from '../../endpoint/personas.js';

/** Who may be chosen on the page: everybody who can sign in at all. */
const people = personas.filter(({ userId, lifetimeS }) => userId !== null && lifetimeS > 0);

const page = (content: string): string =>
  `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Sign in on another device</title></head>
<body><main><h1>Sign in on another device</h1>
${content}
</main></body></html>
`;

/**
 * The page on which a person enters the code that another device shows. The emulated platform knows no passwords: whoever opens it
 * chooses who they are.
 * @param isKeyed true: the control side asks for its key
 */
export const devicePage = ({ isKeyed }: { readonly isKeyed: boolean }): string =>
  page(`<form method="post">
<p><label>Code <input name="userCode" autocomplete="off" required autofocus></label></p>
<p><label>Who you are <select name="persona">
${people.map(({ name, displayName }) => `<option value="${name}">${displayName} (${name})</option>`).join('\n')}
<option value="">nobody: decline</option>
</select></label></p>
${isKeyed ? '<p><label>Key of the control side <input name="key" type="password" required></label></p>\n' : ''}<p><button>Next</button></p>
</form>`);

const results = {
  done: 'Done. Go back to your device; this page can be closed.',
  unknown: 'There is no such code, it was used, or this person may not sign in there.',
  unkeyed: 'The key is not the one of the control side.',
} as const;

/** What the page says of a code that was entered. */
export const deviceResult = (result: keyof typeof results): string => page(`<p>${results[result]}</p>`);
