import { isLeftOut, kindOfMessage, share, type Share } from '../engine/verdict/outcome.js';
import { checksOf, groupBy, reasonOf, type Digest, type ReasonGroup } from './digest.js';
import type { Report, RequirementReport } from './model.js';
import { optionsOf, targetOption } from './again.js';
import { grouped, inSeries, percentWords } from './words.js';

/** Something that a target lacks, and what it would bring. */
export interface Lack {
  /** What to do, in a sentence without its end. */
  readonly what: string;
  /** Its kind, where mending that is all there is to do; null: it has lines of its own. */
  readonly kind: string | null;
  /** MUST requirements that nothing else keeps from being told. */
  readonly rows: readonly RequirementReport[];
  /** The share that could be checked if this were mended and nothing else. */
  readonly then: Share;
  /** Lines of a target file to begin with; none where nothing in it would mend it. */
  readonly lines: readonly string[];
}

const missingToken = /^no token for the persona (\w+)/;

/** What to do about a reason: all tokens that are missing are one errand. */
const errandOf = (reason: string): string => (missingToken.test(reason) ? 'tokens' : kindOfMessage(reason));

const lists = new WeakMap<Digest, readonly Lack[]>();

/** What would let more be told, the greatest gain first; what brings nothing by itself is left out. Pure. */
export function shoppingList(all: Digest): readonly Lack[] {
  const known = lists.get(all) ?? lacksIn(all);
  lists.set(all, known);
  return known;
}

function lacksIn(all: Digest): readonly Lack[] {
  const { report } = all;
  const untold = report.requirements.filter(({ level, verdict }) => level === 'MUST' && verdict === 'inconclusive');
  const needs = untold.map((row) => ({ row, reasons: reasonsFor(row, all) }));
  // Of each row only what alone stands in its way.
  const single = needs.flatMap(({ row, reasons }) => {
    const errands = [...new Set(reasons.map(errandOf))];
    // What was left out on purpose is no lack.
    return errands.length === 1 && !reasons.some(isLeftOut) ? [{ row, errand: errands[0] ?? '', reasons }] : [];
  });
  return Array.from(
    groupBy(single, ({ errand }) => errand),
    ([errand, own]): Lack => {
      const personas = [
        ...new Set(own.flatMap(({ reasons }) => reasons.flatMap((one) => missingToken.exec(one)?.[1] ?? []))),
      ];
      const { count, of } = report.provable;
      return {
        what:
          errand === 'tokens'
            ? `Supply tokens for ${inSeries(personas)}`
            : `Mend this: ${own[0]?.reasons[0] ?? errand}`,
        kind: errand === 'tokens' ? null : errand,
        rows: own.map(({ row }) => row),
        then: share(count + own.length, of),
        lines: errand === 'tokens' ? [...(fileFor(report) ?? []), ...tokenLines(personas)] : [],
      };
    },
  ).toSorted((a, b) => b.rows.length - a.rows.length);
}

function reasonsFor(row: RequirementReport, all: Digest): readonly string[] {
  const own = checksOf(row, all).filter(({ verdict }) => verdict === 'inconclusive');
  return own.length === 0 ? [reasonOf(row)] : [...new Set(own.map(reasonOf))];
}

/** What a target file is called that is written anew. */
const newFile = 'target.yaml';

/** How the target file begins of a target that was named by its address; null where there is one. */
function fileFor({ target }: Pick<Report, 'target'>): readonly string[] | null {
  const control = /^control at (\S+)$/.exec(target.configuration['requests.provider'] ?? '')?.[1];
  if (control === undefined || !/^https?:/.test(targetOption({ target })[1] ?? '')) return null;
  return [
    `# save as ${newFile}`,
    `name: ${JSON.stringify(target.name)}`,
    `baseUrl: ${target.baseUrl}`,
    `requests: { provider: control, url: ${control} }`,
  ];
}

/** The options of the run once all errands are done. */
export const targetThen = (all: Digest): readonly string[] =>
  fileFor(all.report) !== null && errandsOf(all).some(({ lines }) => lines.length > 0)
    ? optionsOf(all.report, ['--target', newFile])
    : optionsOf(all.report);

/** As a target file names the variables that tokens are in. */
const tokenLines = (personas: readonly string[]): readonly string[] => [
  'identities:',
  ...personas.map((persona) => {
    const variable = `CANCEL_TOKEN_${persona.replaceAll(/([A-Z])/g, '_$1').toUpperCase()}`;
    return `  ${persona}: { token: { env: ${variable} } }`;
  }),
];

/** How most calls were answered of a run in which none succeeded. */
interface CommonAnswer {
  readonly status: number | string;
  readonly count: number;
  readonly of: number;
}

/** Null where a call succeeded, or all could be told all the same. */
function answerToAll({ exchanges, provable }: Report): CommonAnswer | null {
  const probes = exchanges.filter(({ role }) => role === 'probe');
  const statuses = probes.map(({ response, noAnswer }) => response?.status ?? noAnswer?.reason ?? 'nothing');
  const isSuccess = (status: number | string): boolean => typeof status === 'number' && status >= 200 && status < 300;
  if (probes.length === 0 || statuses.some(isSuccess) || provable.count === provable.of) return null;
  const [most] = [...groupBy(statuses, (status) => status)].toSorted(([, a], [, b]) => b.length - a.length);
  return most === undefined ? null : { status: most[0], count: most[1].length, of: probes.length };
}

/** Whether no call succeeded because most were refused: of tokens that the target does not take, that would be the right answer. */
export const isAboutTokens = (report: Report): boolean => [401, 403].includes(Number(answerToAll(report)?.status));

/** Where no call at all was answered with a success: how most were answered, which is likely why all else could not be told. */
export function rootWords(report: Report): string | null {
  const answer = answerToAll(report);
  if (answer === null) return null;
  const seen = `${grouped(answer.count)} of ${grouped(answer.of)} calls were answered ${answer.status}.`;
  return isAboutTokens(report)
    ? `No cancel succeeded; it refuses everybody, or does not take the tokens of this run: ${seen}`
    : `No cancel succeeded: ${seen}`;
}

/** `Supply tokens for application: provable 74 % → 95 %`. */
export const lackWords = (lack: Lack, report: Report): string => `${lack.what}: ${gainWords(lack, report)}`;

const gainWords = ({ then }: Lack, { provable }: Report): string =>
  `provable ${percentWords(provable)} → ${percentWords(then)}`;

/** What to do besides mending the reasons for which rows could not be told: those are said once, with what that brings. */
export const errandsOf = (all: Digest): readonly Lack[] =>
  shoppingList(all).filter(({ kind }) => !all.untold.some(({ reason }) => kindOfMessage(reason) === kind));

/** What mending a reason for which rows could not be told would bring: `once mended: provable 74 % → 95 %`; null: nothing by itself. */
export function gainOf({ reason }: ReasonGroup, all: Digest): string | null {
  const lack = shoppingList(all).find(({ kind }) => kind === kindOfMessage(reason));
  return lack === undefined ? null : `once mended: ${gainWords(lack, all.report)}`;
}

/** A reason, and what mending it would bring. */
export function reasonWithGain(group: ReasonGroup, all: Digest): string {
  const gain = gainOf(group, all);
  return gain === null ? group.reason : `${group.reason} (${gain})`;
}
