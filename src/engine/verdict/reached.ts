import type { Case } from '../case.js';
import type { CaseRecord } from '../evidence/records.js';
import { answersOf, isSuccess, lookAt, sameStatus, type Answered, type Rules } from '../judge/facts.js';
import { isFiltered, type Plan } from '../plan/plan.js';

/** What is answered where nothing stands at an address, or nothing that takes the method. */
const nothingThere: readonly number[] = [404, 405, 501];

/**
 * Why a run tells nothing of the action: each call that breaks no gate was answered as one is that goes to no action at all, and
 * changed nothing. That says more of the address than of the target. Nothing of the kind is said of a part of a run, nor of
 * calls that have their status or their caller in common, which may be what the target takes for unknown. Pure.
 * @returns the reason in words; null as soon as one call did reach it, and where nothing was answered
 */
export function unreachedIn(
  plan: Pick<Plan, 'cases' | 'areas' | 'only'>,
  records: ReadonlyMap<string, CaseRecord>,
  { endpoint, edition }: Rules,
): string | null {
  const isRight = ({ when, given }: Case): boolean =>
    when.every((probe) => endpoint.brokenGates(probe, given, edition).size === 0);
  // The documented calls alone: a spelling that a target need not serve is as good as another address.
  const right = [...plan.cases.values()].filter((entry) => entry.control === undefined && isRight(entry));
  if (isFiltered(plan) || isNarrow(right)) return null;
  const made = right.flatMap(({ id }) => records.get(id) ?? []);
  const answers = made.flatMap((record) => answersOf(record));
  const [first] = answers;
  if (first === undefined || made.some(isTouched)) return null;
  if (!answers.every(({ response }) => nothingThere.includes(response.status))) return null;
  const elsewhere = [...records.values()].flatMap(answersOf).find(({ response }) => isSuccess(response));
  const reading = `--reading ${endpoint.collectionClause}=NAME`;
  const questions = elsewhere
    ? [
        `${elsewhere.exchange.request.method} ${elsewhere.exchange.request.url} was answered ${elsewhere.response.status}:`,
        `is the collection that one (${reading})?`,
      ]
    : [
        `does baseUrl end where the paths of the edition begin (/${edition.api}),`,
        `does the target name the collection otherwise (${reading}),`,
        'and does it know what was arranged?',
      ];
  return words(first, answers.length, questions.join(' '));
}

/** Whether all calls are of one caller, or on requests of one status. */
function isNarrow(cases: readonly Case[]): boolean {
  const callers = new Set(cases.flatMap(({ when }) => when.map(({ persona }) => persona)));
  return callers.size < 2 || new Set(cases.map(({ given }) => given.status)).size < 2;
}

function isTouched(record: CaseRecord): boolean {
  const [before, after] = [lookAt(record, 'subject', 'before'), lookAt(record, 'subject', 'after')];
  return before !== undefined && after !== undefined && !sameStatus(before.status, after.status);
}

function words({ exchange: { request }, response: { status } }: Answered, count: number, questions: string): string {
  const calls = count === 1 ? 'The call' : `Each of ${count} calls`;
  return `no call reached the action; ${questions} ${calls} that had to succeed was answered as where nothing is: ${status} to ${request.method} ${request.url}`;
}
