import picocolors from 'picocolors';
import { ConfigurationError } from '../../engine/errors.js';
import { planRun } from '../../engine/plan/plan.js';
import { visible } from '../../report/visible.js';
import { shareWords } from '../../report/words.js';
import { examine, type Examination, type Symptom } from '../../hosts/examine.js';
import type { Untold } from '../../engine/perform/foretell.js';
import { signIn } from '../../arrange/sign-in.js';
import { CommandBound } from '../../hosts/ending.js';
import type { Io, Printer } from '../../hosts/io.js';
import { openWay } from '../../hosts/reaching.js';
import { resolveTarget } from '../../hosts/target.js';
import { assertEncrypted, type Target } from '../../target/target.js';
import { exitCodes } from '../../engine/verdict/outcome.js';
import { readFlags, type ContractFlags } from '../flags.js';
import { readWait, waitedFor } from '../waiting.js';

type Colours = ReturnType<typeof picocolors.createColors>;

interface DoctorFlags extends ContractFlags {
  readonly insecure?: boolean;
  readonly signIn?: boolean;
  readonly wait?: string;
}

/** `doctor`: what a run could tell and what is missing for it; changes nothing. */
export async function doctor({ stdout, stderr }: Io, flags: DoctorFlags): Promise<number> {
  const { target, contract } = resolveTarget(readFlags(flags));
  if (flags.insecure !== true) assertEncrypted(target);
  if (flags.signIn === true) await signInHere(target, stderr);
  // Whoever has a target waited for grants that time besides.
  const boundMs = target.totalMs + 1000 * (readWait(flags.wait) ?? 0);
  const bound = new CommandBound(boundMs, 'not all was looked at; raise it, or look at what is slow');
  try {
    const { clock } = bound;
    const way = await openWay(target, clock.signal);
    const unanswered = await waitedFor({ target, contract, way }, { stderr, wait: flags.wait });
    if (unanswered !== null) return unanswered;
    const examination = await examine({ target, contract, plan: planRun(contract, target), clock }, way);
    stdout.write(`${inWords(target, examination, picocolors.createColors(stdout.colour))}\n`);
    return isGood(examination) ? exitCodes.conformant : exitCodes.incomplete;
  } finally {
    bound.dismiss();
  }
}

const isGood = ({ reachability, foretold: { provable }, isRefused, cut }: Examination): boolean =>
  cut === null && !isRefused && reachability.every(({ health }) => health !== 'bad') && provable.count === provable.of;

/** Codes and addresses are for a person who reads them now: they are printed on a terminal and nowhere else. */
async function signInHere(target: Target, stderr: Printer): Promise<void> {
  if (!stderr.isTTY) {
    throw new ConfigurationError(
      '--sign-in: needs a terminal, because it shows codes and addresses with which a person has to sign in',
    );
  }
  const tell = (text: string): void => {
    stderr.write(`${text}\n`);
  };
  await signIn(target, {
    ask: (persona, prompt) => {
      tell(
        'address' in prompt
          ? `${persona}: open this address as this person, in a browser on this machine, within 15 minutes: ${visible(prompt.address)}`
          : `${persona}: open ${visible(prompt.verificationUri)} as this person and enter the code ${visible(prompt.userCode)}`,
      );
    },
    failed: (message) => {
      tell(visible(message));
    },
  });
}

function inWords(
  target: Target,
  { reachability, identities, arranging, foretold, isRefused, cut }: Examination,
  colours: Colours,
): string {
  const { provable, untold } = foretold;
  const settings = Object.entries(target.configuration)
    .filter(([key, value]) => value !== '' && key !== 'identities' && key !== 'cannotArrange')
    .map(([key, value]) => `    ${key.padEnd(18)} ${visible(value)}`);
  const heading = (text: string): string => colours.bold(text);
  const line = ({ health, words }: Symptom): string =>
    `  ${colours[marks[health].colour](marks[health].sign)} ${visible(words)}`;
  return [
    heading(`Configuration of ${visible(target.name)}`),
    ...settings,
    heading('Target'),
    ...reachability.map(line),
    heading('Requests that can be arranged'),
    ...arranging.map(line),
    heading('Identities (claims are a hint, never a verdict)'),
    ...identities.map(line),
    heading('What a run could tell'),
    `    Provable ${shareWords(provable)} of the applicable MUST requirements`,
    '    A run may count fewer: what a target does not serve, its own answers show.',
    ...untold.map((entry) => untoldInWords(entry, colours)),
    '',
    cut !== null
      ? `What looks bad above may only not have been looked at, for ${visible(cut)}.`
      : isRefused
        ? 'A token is not taken, or does not suffice, so what rests on it would prove nothing. Supply one that is.'
        : reachability.some(({ health }) => health !== 'good')
          ? 'Look first at what is marked above about the target: a run may reach something else than is meant.'
          : untold.length === 0
            ? 'Nothing is missing. Next: run with the same options.'
            : 'A run would be incomplete unless what is missing is supplied. It tells what it can all the same.',
  ].join('\n');
}

const marks = {
  good: { sign: '✓', colour: 'green' },
  doubtful: { sign: '!', colour: 'yellow' },
  bad: { sign: '✗', colour: 'red' },
} as const satisfies Record<Symptom['health'], object>;

function untoldInWords({ reason, requirements }: Untold, colours: Colours): string {
  const ids = requirements.map(({ id, level }) => `${id} (${level})`);
  const shown = ids.length > 8 ? [...ids.slice(0, 8), `and ${ids.length - 8} more`] : ids;
  return `  ${colours.yellow('?')} ${visible(reason)}\n      leaves untold: ${shown.join(', ')}`;
}
