import type { Case, Expectation, Probe } from '../src/engine/case.js';
import { caseGroups } from '../src/cancel/cases/index.js';
import type { Endpoint } from '../src/engine/endpoint.js';
import { bodies } from '../src/cancel/forms/bodies.js';
import type { Contract, Edition } from '../src/engine/contract/types.js';
import { scoringRows } from '../src/engine/contract/rows.js';
import { findPersona } from '../src/emulators/endpoint/personas.js';

/** What two editions make of each other. */
export interface EditionDifference {
  /** Ids of the rows of the judging edition that a target of the served one must break, in the order of the catalogue. */
  readonly rows: readonly string[];
  /** True when a call differs on which refusals rest as their control: these then cannot be told. */
  readonly leavesUntold: boolean;
}

const forms: Endpoint['forms']['bodies'] = bodies;

const ids = { subject: 'subject', sibling: 'sibling', stranger: 'stranger' };

/** The verbs that speak of the answer itself; all others look at what follows from it. */
const answerVerbs: readonly Expectation['verb'][] = ['cancels', 'answers-accepted-status', 'refused-untouched'];

/** The rows in which a target of one edition differs from what another edition demands: from the data of both alone. */
export function differenceOf(served: Contract, judging: Contract): EditionDifference {
  const cases = caseGroups.flatMap((group) => group.cases);
  const rows = scoringRows(judging).filter(({ level }) => level !== 'MAY');
  const known = new Set(scoringRows(judging).map(({ id }) => id));
  const ofEdition = cases.filter(({ then }) =>
    then.every(({ requirementIds }) => requirementIds.every((id) => known.has(id))),
  );
  const differing = new Set(
    ofEdition.filter((entry) => differs(entry, served.edition, judging.edition)).map(({ id }) => id),
  );
  const told = ofEdition.filter(({ id, control }) => differing.has(id) && !differing.has(control?.caseId ?? ''));
  const broken = new Set(
    told.flatMap(({ then }) =>
      then.filter(({ verb }) => answerVerbs.includes(verb)).flatMap((one) => one.requirementIds),
    ),
  );
  return {
    rows: rows.filter(({ id }) => broken.has(id)).map(({ id }) => id),
    // A column that a target need not serve is not missed where it is not.
    leavesUntold: ofEdition.some(({ control }) => control?.ifServed !== true && differing.has(control?.caseId ?? '')),
  };
}

/** The collection segment under which a target of one edition is judged by another: its own where the other's is unknown to it. */
export function collectionFor(served: Edition, judging: Edition): string {
  return judging.collections.find((segment) => served.collections.includes(segment)) ?? served.collections[0];
}

/** Whether the call of a case, as the judging edition sends it, is one thing to the one edition and another to the other. */
function differs(entry: Case, served: Edition, judging: Edition): boolean {
  return entry.when.some(
    (probe) =>
      isPlain(probe) && admits(served, { entry, probe, judging }) !== admits(judging, { entry, probe, judging }),
  );
}

/** A call that differs from a well-formed cancel in its caller and its body at most: editions differ in nothing else. */
const isPlain = ({ credential, method, address, contentType, query, framing }: Probe): boolean =>
  [credential, method, address, contentType, query, framing].every((part) => part === undefined);

interface SentCall {
  readonly entry: Case;
  readonly probe: Probe;
  /** The edition by which the call was made. */
  readonly judging: Edition;
}

/** Whether an edition, read literally, lets a call cancel. */
function admits(edition: Edition, { entry, probe, judging }: SentCall): boolean {
  const persona = findPersona(probe.persona);
  if (!persona) throw new Error(`no persona ${probe.persona}`);
  const { administrator, own } = edition.permissions;
  const scopes = persona.permission(edition).split(' ');
  const isOwner = probe.persona === (entry.given.requestor ?? 'requestor');
  const mayCancel =
    (persona.administrator && scopes.some((scope) => administrator.includes(scope))) ||
    (isOwner && scopes.some((scope) => own.includes(scope)));
  const form = probe.body ?? (judging.body.rule === 'none' ? 'absent' : 'required');
  const bodyFits = persona.administrator || fits(sentAs(form, judging), edition);
  return mayCancel && bodyFits && edition.cancellable.includes(entry.given.status);
}

/** What bodies say, by edition and form: one is large, and all are asked for again by each edition that is held against. */
const known = new Map<string, unknown>();

/** What the body of a form says to whoever parses it. */
function sentAs(form: string, judging: Edition): unknown {
  const key = `${judging.id} ${form}`;
  if (!known.has(key))
    known.set(
      key,
      parsed(forms[form]?.({ edition: judging, ids, callerId: null, token: null, resource: null }) ?? null),
    );
  return known.get(key);
}

/** Whether what a body says is what an edition asks of a caller without a role. */
function fits(sent: unknown, { body: { rule, requiredMembers, cancelledLiteral }, resource }: Edition): boolean {
  if (rule === 'none') return true;
  const demanded: Readonly<Record<string, string>> = { id: ids.subject, [resource.statusMember]: cancelledLiteral };
  return (
    typeof sent === 'object' &&
    sent !== null &&
    requiredMembers.every((name) => Reflect.get(sent, name) === demanded[name])
  );
}

function parsed(body: Buffer | null): unknown {
  try {
    return JSON.parse(body?.toString() ?? '');
  } catch {
    return undefined;
  }
}
