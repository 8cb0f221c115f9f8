import { randomBytes } from 'node:crypto';
import { areaIds } from '../../../../src/cancel/areas.js';
import { personaNames as personas, personas as describedPersonas } from '../../../../src/cancel/personas.js';
import type { Report } from '../../../../src/report/model.js';
import { resolveTarget } from '../../../../src/hosts/target.js';
import { expect, test as base, writeTarget } from '../cli.js';
import { runOn, type Part } from '../engine-runs.js';
import { startHonoTarget, type HonoFault } from './hono-target.js';
import { startNodeTarget, type NodeFault } from './node-target.js';
import { startPythonTarget, type PythonTarget } from './python-process.js';

/*
 * Three targets that share no code with the embedded target or each other, and use
 * the freedom of the contract differently. What fails here is a mistake of the target or, worse, of the suite.
 */

/**
 * The personas that these targets know. Like targets of others they know no newer one until somebody teaches them; what rests on
 * a newer one alone cannot be told of them until then, and makes a run incomplete.
 */
const personasHere: readonly string[] = [
  'administrator',
  'requestor',
  'otherUser',
  'readOnlyAdministrator',
  'unscopedUser',
  'similarScopeUser',
  'personalAccount',
  'application',
  'expired',
];

/** Whether they know all that the edition's rows are judged by; subjectUser concerns later editions alone. */
const knowAll = personas.every(
  (persona) => personasHere.includes(persona) || persona === 'subjectUser' || describedPersonas[persona].optional,
);
const whenConformant = knowAll ? 0 : 3;

/** What a target is started with. */
interface Start {
  readonly fault?: string | undefined;
  readonly leaveOut?: string | undefined;
}

/** A running target and how the suite is told of it. */
interface Reached {
  readonly origin: string;
  readonly close: () => Promise<void>;
  /** Target file; null where the address says all. */
  readonly file: object | null;
  readonly environment?: Readonly<Record<string, string>>;
}

async function startNode({ fault }: Start): Promise<Reached> {
  return { ...(await startNodeTarget(fault as NodeFault | undefined)), file: null };
}

async function startHono({ fault }: Start): Promise<Reached> {
  const key = randomBytes(24).toString('hex');
  const running = await startHonoTarget({ key, delayMs: 20, fault: fault as HonoFault | undefined });
  const file = {
    baseUrl: `${running.origin}/tenant/graph/beta`,
    readings: { 'C-1': fault === 'owner-gets-204' ? 'either' : '200' },
    requests: { provider: 'control', url: `${running.origin}/for-tests`, key: { env: 'KEY_FOR_TESTS' } },
    identities: Object.fromEntries(personasHere.map((persona) => [persona, { token: { control: true } }])),
    settleMs: 100,
  };
  return { ...running, file, environment: { KEY_FOR_TESTS: key } };
}

const variableOf = (persona: string): string => `TOKEN_OF_${persona.toUpperCase()}`;

/** Starts the target on Python where it does not run yet. */
type StartPython = () => Promise<PythonTarget>;

/** The tokens of the target on Python, which are issued beforehand. */
const pythonTokens = Object.fromEntries(
  personasHere.map((persona) => [persona, randomBytes(30).toString('base64url')] as const),
);

async function startPython({ fault, leaveOut }: Start, running: StartPython): Promise<Reached> {
  const process = await running();
  await process.become({ fault: fault ?? null, leaveOut: leaveOut === undefined ? [] : [leaveOut] });
  const file = {
    baseUrl: `${process.origin}/beta`,
    requests: { provider: 'control', url: `${process.origin}/conformance/v1` },
    identities: Object.fromEntries(personasHere.map((persona) => [persona, { token: { env: variableOf(persona) } }])),
    ...(leaveOut === undefined ? {} : { cannotArrange: { [leaveOut]: 'nobody escalates here' } }),
  };
  const variables = Object.entries(pythonTokens).map(([name, token]) => [variableOf(name), token] as const);
  return { file, origin: process.origin, environment: Object.fromEntries(variables), close: () => Promise.resolve() };
}

export interface Foreign {
  readonly name: string;
  readonly start: (how: Start, python: StartPython) => Promise<Reached>;
  /** Ids of the SHOULD requirements that the target's choices leave unmet. */
  readonly warnings: readonly string[];
  /** Ids of the SHOULD requirements that cannot be told of this target. */
  readonly untold: readonly string[];
  /** What the suite records of the choices that the contested clauses leave. */
  readonly observed: Readonly<Record<string, unknown>>;
  /** Id of the one requirement that each fault breaks. */
  readonly faults: Readonly<Record<string, string>>;
}

/** Members that a cancel has to leave alone can be seen only where the control protocol gives the resource. */
const membersOfTheResource = ['CANCEL-EFFECT-004', 'CANCEL-EFFECT-005', 'CANCEL-EFFECT-006', 'CANCEL-EFFECT-007'];

export const python: Foreign = {
  name: 'http.server of Python',
  start: startPython,
  // No request-id, no client-request-id, no innerError; an administrator may cancel after a failed delivery (C-11).
  // Its library answers OPTIONS with 501 and reads NaN in JSON.
  warnings: [
    'CANCEL-ADDR-008',
    'CANCEL-BODY-023',
    'CANCEL-ERR-005',
    'CANCEL-ERR-006',
    'CANCEL-RESP-006',
    'CANCEL-RESP-007',
    'CANCEL-STATE-010',
  ],
  untold: membersOfTheResource,
  observed: {
    'C-1': '200',
    'C-2': 'answered 200',
    'C-5': 'a cancelled request reads CANCELLED',
    'C-6': 'answered 400 WrongStatus',
    'C-8': 'answered 404 NotFound and 403 CallerNotResourceOwner',
    'C-11': 'answered 200 and 400 WrongStatus',
    'C-12': 'answered 200',
  },
  faults: {
    'body-id-obeyed': 'CANCEL-BODY-011',
    'deep-body-fatal': 'CANCEL-ROBUST-002',
    'body-id-unread': 'CANCEL-BODY-006',
    'query-token': 'CANCEL-AUTH-009',
  },
};

export const targets: readonly Foreign[] = [
  {
    name: 'node:http',
    start: startNode,
    warnings: [],
    untold: [],
    observed: {
      'C-1': '204',
      'C-2': 'answered 415 notJson',
      'C-4': 'statuses read in camelCase',
      'C-5': 'a cancelled request reads canceled',
      'C-6': 'answered 409 notCancellable',
      'C-8': 'answered 404 itemNotFound',
      'C-11': 'answered 409 notCancellable',
      'C-12': 'answered 415 notJson',
    },
    faults: {
      'expired-accepted': 'CANCEL-AUTH-005',
      'put-cancels': 'CANCEL-ADDR-005',
      'refused-yet-cancelled': 'CANCEL-STATE-013',
      'scope-by-prefix': 'CANCEL-PERM-008',
    },
  },
  {
    name: 'Hono',
    start: startHono,
    warnings: [],
    untold: membersOfTheResource,
    observed: {
      'C-1': '200',
      'C-2': 'answered 200',
      'C-4': 'statuses read in PascalCase',
      'C-5': 'a cancelled request reads Canceled',
      'C-6': 'answered 200',
      'C-8': 'answered 403 UnAuthorized',
      'C-11': 'answered 422 InvalidRequestStatus',
      'C-12': 'answered 200',
    },
    faults: {
      'others-cancel': 'CANCEL-PERM-003',
      'owner-gets-204': 'CANCEL-RESP-002',
      'parse-error-as-text': 'CANCEL-ERR-001',
      'siblings-cancelled': 'CANCEL-EFFECT-001',
    },
  },
  python,
];

/** Starts a target, judges it by the engine in this process, and ends it. */
interface Judges {
  /** @param part rows of some areas only are judged by the cases of which there are few; default: the whole run */
  readonly judge: (target: Foreign, how?: Start, part?: Pick<Part, 'fewCells' | 'areas'>) => Promise<Report>;
}

export const test = base.extend<Judges, { pythonTarget: StartPython }>({
  /** One process, which becomes what each test asks for. */
  pythonTarget: [
    async ({}, use) => {
      let running: Promise<PythonTarget> | undefined;
      await use(() => (running ??= startPythonTarget(pythonTokens)));
      await (await running)?.close();
    },
    { scope: 'worker' },
  ],

  judge: async ({ folder, pythonTarget }, use) => {
    const before = process.env;
    await use(async ({ start }, how = {}, part = {}) => {
      const { file, origin, environment, close } = await start(how, pythonTarget);
      process.env = { ...before, ...environment };
      const { target, contract } = resolveTarget({ target: file ? writeTarget(folder, file) : origin });
      // What is told of all successes together is told of all cases alone.
      const isWhole = part.areas?.includes(contract.endpoint.wholeRun.case.area) ?? true;
      const report = await runOn(
        { target, contract },
        { ...part, ...(isWhole ? {} : { cases: 'but cells' as const }) },
      );
      await close();
      return report;
    });
    process.env = before;
  },
});

export const rows = ({ requirements }: Report, level: string, verdict: string): readonly string[] =>
  requirements.filter((row) => row.level === level && row.verdict === verdict).map(({ id }) => id);

/** The rows of a level that could not be told, but for those that nothing but an unknown persona hides. */
export const untold = (report: Report, level: string): readonly string[] => {
  const hidden = report.checks.filter(({ verdict }) => verdict === 'inconclusive');
  return rows(report, level, 'inconclusive').filter((id) => {
    const own = hidden.filter(({ requirementIds }) => requirementIds.includes(id));
    return own.length === 0 || own.some(({ persona }) => personasHere.includes(persona));
  });
};

/** What was observed of each contested clause; how often a success was seen is the catalogue's matter. */
const choicesOf = ({ contested }: Report): Readonly<Record<string, unknown>> =>
  Object.fromEntries(contested.map(({ id, observed }) => [id, observed?.replace(/ in \d+ of \d+ successes$/, '')]));

/** What every run on a target without a fault comes to, whatever its cells. */
export function expectConforms(report: Report, { warnings, untold: open, observed }: Foreign): void {
  expect(rows(report, 'MUST', 'failed')).toEqual([]);
  expect(untold(report, 'MUST')).toEqual([]);
  expect(rows(report, 'SHOULD', 'failed').toSorted()).toEqual(warnings);
  expect(untold(report, 'SHOULD')).toEqual(open);
  expect(choicesOf(report)).toMatchObject(observed);
  expect(report.run.exitCode).toBe(whenConformant);
}

/** The whole of a target is judged once, without a fault; with one the area of its row, and the controls that this rests on. */
export async function expectFound(
  target: Foreign,
  [fault, row]: readonly [fault: string, row: string],
  judge: (target: Foreign, how: Start, part: Part) => Promise<Report>,
): Promise<void> {
  const areas: readonly string[] = areaIds.filter((id) => row.startsWith(`CANCEL-${id}-`));
  const report = await judge(target, { fault }, { areas });
  const judged = { ...report, requirements: report.requirements.filter(({ area }) => areas.includes(area)) };
  expect(judged.requirements.length).toBeGreaterThan(1);
  // Cells judge a refusal and its effect in one, so a row beside it may fail by them.
  expect(rows(judged, 'MUST', 'failed')).toContain(row);
  expect(untold(judged, 'MUST')).toEqual([]);
  expect(report.run.exitCode).toBe(1);
}
