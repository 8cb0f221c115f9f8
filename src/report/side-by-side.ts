import { diffArrays } from 'diff';
import { personas } from '../cancel/personas.js';
import type { PersonaRule } from '../engine/endpoint.js';
import type { Exchange, Look } from '../engine/evidence/records.js';
import { withoutGuid } from '../engine/judge/mutation.js';
import { shownWith, worstShown } from './cards.js';
import { consequenceOf, placeOf } from './consequences.js';
import { checksOf, filedUnder, type Digest } from './digest.js';
import { cut } from './excerpt.js';
import type { CaseReport, CheckReport, Finding } from './model.js';
import { rootWords } from './shopping.js';
import { counted } from './words.js';

/** One line of the request of the control, and the one of the probe that answers to it; null where there is none. */
export interface PairedLine {
  readonly control: string | null;
  readonly probe: string | null;
  /** `declared`: in the very place in which the case says that it differs. */
  readonly kind: 'same' | 'declared' | 'other';
}

/** One of the two calls: who sent it, what came back, and what became of the request. */
interface Side {
  readonly caseId: string;
  readonly exchangeId: string;
  readonly persona: string;
  readonly answer: string;
  /** `pendingApproval → cancelled`; null where nothing was read. */
  readonly change: string | null;
  /** The requirement that its own case breaks first; null where it breaks none. */
  readonly breaks: string | null;
}

/** Something that was seen besides status and request: a form, content, what became of another request. */
interface Further {
  readonly seen: string;
  readonly expected: string;
}

/** The call that failed beside the one that vouches for it: the same but for what is declared. */
export interface SideBySide {
  /** Null where no other call vouches for it. */
  readonly control: Side | null;
  /** What it can be compared with all the same where no other call vouches for it; null where one does. */
  readonly alone: Alone | null;
  readonly probe: Side;
  /** The calls of the same case that went before it, which may be what it was answered for; null where none did. */
  readonly before: string | null;
  readonly lines: readonly PairedLine[];
  /** What the probe had to be answered with, and what had to become of the request; null where that was not what failed. */
  readonly expectedAnswer: string | null;
  readonly expectedChange: string | null;
  readonly further: readonly Further[];
}

/** What stands in the place of a control. */
interface Alone {
  readonly words: string;
  /** A case of the same requirement whose call succeeded, and that passed. */
  readonly caseId: string | null;
}

const lineWidth = 300;
const mostBodyLines = 40;
const mostContent = 80;

/** The call that a failed check was judged on beside its control; null where nothing was sent. Pure. */
export function sideBySide(check: CheckReport, all: Digest): SideBySide | null {
  const own = all.caseById.get(check.caseId);
  const named = check.findings.find(({ exchangeId }) => exchangeId !== null)?.exchangeId;
  const exchanges = (all.exchangesByCase.get(check.caseId) ?? []).filter(isProbe);
  const probe = exchanges.find(({ id }) => id === named) ?? exchanges.at(-1);
  if (own === undefined || probe === undefined) return null;
  const vouching = own.control === null ? undefined : all.caseById.get(own.control);
  const control = vouching && (all.exchangesByCase.get(vouching.id) ?? []).findLast(isProbe);
  const found = shownWith(check, all).flatMap((one) =>
    one.findings.map((finding) => ({
      ...finding,
      isContent: finding.exchangeId === probe.id && placeOf(one) === 'body',
      isFurther: consequenceOf(one) === 'touched' || (finding.exchangeId !== null && placeOf(one) !== 'status'),
    })),
  );
  const onAnswer = found.find(({ exchangeId, isFurther }) => exchangeId === probe.id && !isFurther);
  const onRequest = found.find(({ exchangeId, isFurther }) => exchangeId === null && !isFurther);
  const isOfProbe = ({ exchangeId }: Finding): boolean => exchangeId === null || exchangeId === probe.id;
  return {
    control: vouching && control ? sideOf(vouching, control, all) : null,
    alone: vouching && control ? null : aloneWords(check, all),
    probe: sideOf(own, probe, all),
    before: beforeWords(all.exchangesByCase.get(check.caseId) ?? [], probe),
    lines:
      vouching && control
        ? paired({ entry: vouching, exchange: control }, { entry: own, exchange: probe }, own.mutates)
        : linesOf({ entry: own, exchange: probe }).map(({ text }) => ({ control: null, probe: text, kind: 'same' })),
    expectedAnswer: onAnswer?.expected ?? refusalDue(check, probe, all),
    expectedChange: onRequest?.expected ?? null,
    further: found
      .filter((one) => one.isFurther && isOfProbe(one))
      .map(({ message, expected, isContent }) => ({
        seen: isContent ? `${message}${contentOf(probe)}` : message,
        expected,
      })),
  };
}

/** What a call can be compared with for which no other one vouches: one that succeeded as well, and for which the same held. */
function aloneWords(check: CheckReport, all: Digest): Alone {
  const nothing = (why: string): Alone => ({ words: `Nothing to compare it with: ${why}.`, caseId: null });
  if (rootWords(all.report) !== null) return nothing('no call of this run succeeded');
  const row = all.requirementById.get(filedUnder(check));
  const own = row === undefined ? [] : checksOf(row, all);
  const succeeded = own.filter(({ caseId }) => hasSucceeded(all.exchangesByCase.get(caseId) ?? []));
  const good = succeeded.filter(({ verdict }) => verdict === 'passed');
  const failed = own.filter(({ verdict }) => verdict === 'failed').length;
  const [example] = good;
  if (example === undefined)
    return nothing(`it fails in ${counted(failed, 'case')}, and holds of no call that succeeded`);
  const holds = good.length === 1 ? 'It holds of one call' : `It holds of ${good.length} calls`;
  return {
    words: `${holds} that succeeded, and fails in ${counted(failed, 'case')}. One of which it holds:`,
    caseId: example.caseId,
  };
}

const hasSucceeded = (exchanges: readonly Exchange[]): boolean =>
  exchanges.some(({ role, response }) => role === 'probe' && response !== null && response.status < 300);

/** The same as one text. */
export const aloneText = ({ words, caseId }: Alone): string => (caseId === null ? words : `${words} ${caseId}`);

/** `: null`, as much of the content of an answer as fits beside what is said of it. */
function contentOf({ response }: Exchange): string {
  const text = response?.body.text ?? '';
  return text === '' ? '' : `: ${cut(text, mostContent)}`;
}

const isProbe = ({ role }: Exchange): boolean => role === 'probe';

/** A success of a call that changed what it must not is wrong as well, where only the change is told. */
const refusalDue = (check: CheckReport, { response }: Exchange, all: Digest): string | null =>
  worstShown(check, all) === 'changed' && response !== null && response.status < 300 ? 'a refusal' : null;

/** `Before it: POST, as requestor, over the same connection: HTTP 400`. */
function beforeWords(exchanges: readonly Exchange[], probe: Exchange): string | null {
  const before = exchanges.slice(0, exchanges.indexOf(probe)).filter((one) => one.role === 'opening' || isProbe(one));
  if (before.length === 0) return null;
  const told = before.map(({ role, persona, request, response, noAnswer }) => {
    const over = role === 'opening' ? ', over the same connection' : '';
    return `${request.method}, as ${persona}${over}: ${answerOf({ response, noAnswer })}`;
  });
  return `Before it: ${told.join('; ')}`;
}

const answerOf = ({ response, noAnswer }: Pick<Exchange, 'response' | 'noAnswer'>): string =>
  response === null ? (noAnswer?.reason ?? 'no answer') : `HTTP ${response.status}`;

const sideOf = (entry: CaseReport, exchange: Exchange, all: Digest): Side => ({
  caseId: entry.id,
  exchangeId: exchange.id,
  persona: exchange.persona,
  answer: answerOf(exchange),
  change: changeOf(entry),
  breaks: all.checksByCase.get(entry.id)?.find(({ verdict }) => verdict === 'failed')?.requirementIds[0] ?? null,
});

/** `Control, as administrator`, and that it is broken itself where it is. */
export const controlWords = ({ persona, breaks }: Side): string =>
  `Control, as ${persona}${breaks === null ? '' : `, which breaks ${breaks} itself`}`;

function changeOf({ looks }: CaseReport): string | null {
  const own = looks.filter(({ role }) => role === 'subject');
  if (own.length === 0) return null;
  const word = (look: Look | undefined): string =>
    look === undefined ? 'not read' : look.found ? (look.status ?? 'no status') : 'not found';
  const after = own.findLast(({ when }) => when === 'after');
  return `${word(own.find(({ when }) => when === 'before'))} → ${word(after)}`;
}

/** A line of a request, and the place in which it stands, as cases name places. */
interface WireLine {
  readonly place: string;
  readonly text: string;
}

interface Sent {
  readonly entry: CaseReport;
  readonly exchange: Exchange;
}

/** What every call has of its own says nothing of how two of them differ. */
const ownNames = { subject: '{request}', sibling: '{other request}', stranger: "{another user's request}" } as const;

function linesOf({ entry, exchange: { request, persona } }: Sent): readonly WireLine[] {
  const ids = new Map(entry.looks.map(({ role, requestId }) => [requestId, ownNames[role]] as const));
  const named = (text: string): string => {
    let shown = text;
    for (const [id, name] of ids) shown = shown.replaceAll(id, name);
    return cut(shown, lineWidth);
  };
  const [path = '', ...query] = request.requestTarget.split('?');
  const head = request.headers.flatMap(([name, value]) => {
    const place = `header:${name.toLowerCase()}`;
    const shown = place === 'header:client-request-id' ? withoutGuid(value, '{its own}') : named(value);
    const line = { place, text: `${name}: ${shown}` };
    const about = place === 'header:authorization' ? personaWords(persona) : null;
    return about === null ? [line] : [line, { place: `${place} of`, text: `  ${about}` }];
  });
  return [
    { place: 'method', text: `${request.method} ${named(path)}` },
    ...(query.length === 0 ? [] : [{ place: 'query', text: `?${named(query.join('?'))}` }]),
    ...head,
    ...bodyLines(request.body?.text ?? '').map((text) => ({ place: 'body', text: named(text) })),
  ];
}

const described: Readonly<Record<string, PersonaRule>> = personas;

/** Who the token is of, and what is wrong with it: the token itself stands in no file. */
function personaWords(name: string): string | null {
  const persona = described[name];
  if (persona === undefined) return null;
  return persona.defect === null ? persona.is : `${persona.is}; ${persona.defect}`;
}

/** A body by its members, so that those that are alike can be folded. */
function bodyLines(text: string): readonly string[] {
  if (text === '') return [];
  let lines = [text];
  try {
    const value: unknown = JSON.parse(text);
    // What is lost by reading it would be shown otherwise than it was sent.
    if (JSON.stringify(value) === text) lines = JSON.stringify(value, null, 2).split('\n');
  } catch {
    lines = text.split('\n');
  }
  return lines.length > mostBodyLines ? [...lines.slice(0, mostBodyLines), '…'] : lines;
}

/** The lines of both in one order: heads by name, bodies by line. */
function paired(control: Sent, probe: Sent, mutates: readonly string[]): readonly PairedLine[] {
  const [ofControl, ofProbe] = [linesOf(control), linesOf(probe)];
  const isDeclared = ({ place }: WireLine): boolean =>
    mutates.includes(place) ||
    (place === 'header:authorization of' && mutates.includes('header:authorization')) ||
    (place === 'method' && mutates.includes('path')) ||
    // How long a body is, and of which kind, goes with the body.
    (/^header:(?:content-|transfer-)/.test(place) && mutates.some((one) => one === 'body' || one === 'framing'));
  const line = (a: WireLine | undefined, b: WireLine | undefined): PairedLine => {
    const [one = null, other = null] = [a?.text, b?.text];
    const shown = b ?? a;
    const kind = one === other ? 'same' : shown !== undefined && isDeclared(shown) ? 'declared' : 'other';
    return { control: one, probe: other, kind };
  };
  const isBody = ({ place }: WireLine): boolean => place === 'body';
  const heads = ofProbe.filter((own) => !isBody(own));
  const headsOfControl = ofControl.filter((own) => !isBody(own));
  const places = [...new Set([...heads, ...headsOfControl].map(({ place }) => place))];
  const at = (lines: readonly WireLine[], place: string): WireLine | undefined =>
    lines.find((own) => own.place === place);
  return [
    ...places.map((place) => line(at(headsOfControl, place), at(heads, place))),
    ...pairedBodies(ofControl.filter(isBody), ofProbe.filter(isBody), line),
  ];
}

function pairedBodies(
  control: readonly WireLine[],
  probe: readonly WireLine[],
  line: (a: WireLine | undefined, b: WireLine | undefined) => PairedLine,
): readonly PairedLine[] {
  const textsOf = (lines: readonly WireLine[]): string[] => lines.map(({ text }) => text);
  const asBody = (text: string | undefined): WireLine | undefined =>
    text === undefined ? undefined : { place: 'body', text };
  const changes = diffArrays(textsOf(control), textsOf(probe));
  return changes.flatMap(({ added, removed, value }, index) => {
    const before = changes[index - 1];
    if (added && before?.removed) return [];
    const next = changes[index + 1];
    const [left, right] = removed ? [value, next?.added ? next.value : []] : [added ? [] : value, value];
    const length = Math.max(left.length, right.length);
    return Array.from({ length }, (_, row) => line(asBody(left[row]), asBody(right[row])));
  });
}

/** Lines in a row that are alike, and those between them, in order. */
export function folded(lines: readonly PairedLine[]): readonly (readonly PairedLine[])[] {
  const runs: PairedLine[][] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last?.[0] !== undefined && (last[0].kind === 'same') === (line.kind === 'same')) last.push(line);
    else runs.push([line]);
  }
  return runs;
}

/** What is folded away, in words: lines that are alike, or a request that stands beside no other one. */
export const foldedWords = (lines: readonly PairedLine[], { control }: SideBySide): string =>
  control === null ? `the request, ${counted(lines.length, 'line')}` : `${counted(lines.length, 'line')} alike`;
