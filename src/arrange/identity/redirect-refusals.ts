import { PrerequisiteError } from '../../engine/errors.js';
import type { PlatformToken } from '../../target/token-source.js';
import { wordOf } from './network.js';
import type { RedirectAnswer } from './redirect.js';
import { errorOfRefusal, signInAgain } from './refusals.js';

/**
 * What came back from a sign-in in a browser instead of a code, as the error that it is here. Whatever stood in it, only words of the protocol and
 * numbers are told.
 */
export function errorOfRedirect(
  answer: Exclude<RedirectAnswer, { readonly kind: 'code' }>,
  token: PlatformToken,
): Error {
  switch (answer.kind) {
    case 'foreign':
      return new PrerequisiteError(
        `${token.where}: what came back from the browser is the answer of another sign-in (its state is not the one that was sent), and was not used; ${signInAgain(token)}, and open the address that it shows`,
      );
    case 'nobody':
      return new PrerequisiteError(
        `${token.where}: nobody signed in in time, or the window was closed; try again, and where no browser of this machine can be used, take deviceCode`,
      );
    case 'refused': {
      const { parameters } = answer;
      const numbers = [...(parameters.get('error_description') ?? '').matchAll(/\bAADSTS(\d{4,9})\b/g)];
      return errorOfRefusal(
        {
          status: 400,
          error: wordOf(parameters.get('error')),
          suberror: wordOf(parameters.get('suberror')),
          codes: numbers.slice(0, 1).map(([, number]) => Number(number)),
        },
        token,
      );
    }
  }
}
