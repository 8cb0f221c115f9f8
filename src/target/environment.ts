import { wordInWords } from '../engine/address.js';
import { ConfigurationError } from '../engine/errors.js';
import { parseReading } from './readings.js';

/** Settings that the environment (or `.env`) may give: stronger than a target file, weaker than a flag. */
export interface EnvironmentChoice {
  readonly target?: string;
  readonly edition?: string;
  readonly readings?: Readonly<Record<string, string>>;
  readonly baseUrl?: string;
  readonly controlUrl?: string;
  readonly settleMs?: number;
  readonly timeoutMs?: number;
  readonly totalMs?: number;
}

/** The variable of each setting. */
export const settingVariables = {
  target: 'CANCEL_TARGET',
  edition: 'CANCEL_EDITION',
  readings: 'CANCEL_READING',
  baseUrl: 'CANCEL_BASE_URL',
  controlUrl: 'CANCEL_CONTROL_URL',
  settleMs: 'CANCEL_SETTLE_MS',
  timeoutMs: 'CANCEL_TIMEOUT_MS',
  totalMs: 'CANCEL_TOTAL_MS',
} as const satisfies Record<keyof EnvironmentChoice, string>;

/** Bounds of the numbers, the same as in the schema of target files. */
export const bounds = { settleMs: [0, 600_000], timeoutMs: [100, 120_000], totalMs: [1000, 86_400_000] } as const;

/**
 * Reads the settings; an empty variable counts as not set, as `.env` skeletons have them.
 * @throws ConfigurationError that names the variable
 */
export function readEnvironment(environment: NodeJS.ProcessEnv): EnvironmentChoice {
  const text = (setting: keyof EnvironmentChoice): string | undefined => {
    const value = environment[settingVariables[setting]]?.trim();
    return value === '' ? undefined : value;
  };
  const readings = text('readings');
  const settings = {
    target: text('target'),
    edition: text('edition'),
    readings:
      readings === undefined
        ? undefined
        : Object.fromEntries(readings.split(',').map((part) => parseReading(part, settingVariables.readings))),
    baseUrl: address('baseUrl', text('baseUrl')),
    controlUrl: address('controlUrl', text('controlUrl')),
    settleMs: whole('settleMs', text('settleMs')),
    timeoutMs: whole('timeoutMs', text('timeoutMs')),
    totalMs: whole('totalMs', text('totalMs')),
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function address(setting: 'baseUrl' | 'controlUrl', text: string | undefined): string | undefined {
  if (text === undefined || (/^https?:\/\/[^/?#@\s]+(\/[^/?#\s]+)*$/.test(text) && URL.canParse(text))) return text;
  throw new ConfigurationError(
    `${settingVariables[setting]}: give an http or https address without credentials, query, fragment or a slash at the end`,
  );
}

function whole(setting: keyof typeof bounds, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [least, most] = bounds[setting];
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new ConfigurationError(
    `${settingVariables[setting]} ${wordInWords(text, String(most).length)}: give a whole number from ${least} to ${most}`,
  );
}
