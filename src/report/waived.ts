import type { CheckReport, Report, RequirementReport, WaiverReport } from './model.js';
import { failsRun, type WaiverState } from '../engine/verdict/waivers.js';

/** What each state of a waiver is called. */
export const waiverStates: Readonly<Record<WaiverState, string>> = {
  applied: 'applied',
  stale: 'stale',
  'different-failure': 'different failure',
  expired: 'expired',
  unmatched: 'matches nothing',
  'other-edition': 'passed over',
  'not-told': 'not told',
};

/** The MUST requirements that failed and are waived. */
export const waivedMust = ({ requirements }: Report): readonly RequirementReport[] =>
  requirements.filter(({ level, verdict, waived }) => level === 'MUST' && verdict === 'failed' && waived === true);

/** The waivers that fail the run. */
export const failingWaivers = ({ waivers }: Report): readonly WaiverReport[] => waivers.filter(failsRun);

/** True when a waiver covers the failure of a check for this requirement. */
export const isWaivedFor = (check: CheckReport, requirement: string): boolean =>
  check.verdict === 'failed' && check.waivedFor?.includes(requirement) === true;

/** The waivers that cover the failure of a check. */
export const waiversOf = ({ id }: CheckReport, { waivers }: Report): readonly WaiverReport[] =>
  waivers.filter(({ check, state }) => check === id && state === 'applied');

/** Who answers for a waived failure, why and until when. */
export const waiverWords = ({ reason, owner, expires }: WaiverReport): string =>
  `${owner} answers for it until ${expires}: ${reason}`;
