import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../../../src/engine/package.js';
import type { Report } from '../../../../src/report/model.js';
import { fileNight } from '../../../../src/wings/nights/file-night.js';
import { leave } from '../../support/compared-runs.js';
import { accept, bookIn, onDay, settings } from '../../support/filed-nights.js';
import { LivedTenant } from '../../support/lived-nights.js';
import { expect, test } from '../../support/tenant-client.js';

/** A night as the table of the docs has it. */
interface Row {
  readonly day: string;
  readonly what: string;
  readonly isAccepted: boolean;
  readonly state: string;
  readonly exitCode: number;
  readonly line: RegExp;
}

const months = ['January', 'February'];

/** `6 January` of the year in which these nights are. */
function dayOf(words: string): string {
  const [day = '', month = ''] = words.split(' ');
  return `2031-0${months.indexOf(month) + 1}-${day.padStart(2, '0')}`;
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

const page = path.join(packageRoot, 'docs', 'live-tenant.md');

/** What stands in the docs; `…` is anything. */
function documented(): readonly Row[] {
  const [, section = ''] = readFileSync(page, 'utf8').split('\n### Thirty nights\n');
  const [part = ''] = section.split('\n## ');
  return part.split('\n').flatMap((line) => {
    const [, day = '', what = '', state = '', code = '', says = ''] = line.split('|').map((cell) => cell.trim());
    if (!/^\d/.test(day)) return [];
    const pattern = says.replace(/^`|`$/g, '').split('…').map(escaped).join('.*');
    const [happened = '', then] = what.split('; then ');
    return [
      {
        day: dayOf(day),
        what: happened,
        isAccepted: then === 'it is accepted',
        state,
        exitCode: Number(code),
        line: new RegExp(`^${pattern}$`),
      },
    ];
  });
}

interface Mails {
  readonly mails: readonly { readonly foreign: boolean }[];
}

interface Accesses {
  readonly accesses: readonly { readonly touched: readonly { readonly foreign: boolean }[] }[];
}

/** What makes each night what it is, by the words of the docs, and the tenants in which it happens. */
interface Month {
  readonly live: Readonly<Record<string, () => Promise<Report>>>;
  readonly tenants: readonly LivedTenant[];
}

/** As a newer suite reports it, in which some checks have other ids. */
function ofNewerSuite(report: Report): Report {
  const renamed = (id: string): string => id.replace(/^state-cancels-/, 'state-takes-');
  return {
    ...report,
    suite: { ...report.suite, version: '0.2.0' },
    checks: report.checks.map((check) => ({ ...check, id: renamed(check.id) })),
    requirements: report.requirements.map((row) => ({ ...row, checks: row.checks.map(renamed) })),
  };
}

async function happenings(start: Parameters<typeof LivedTenant.open>[0], folder: string): Promise<Month> {
  const open = (changed: Parameters<typeof LivedTenant.open>[2]): Promise<LivedTenant> =>
    LivedTenant.open(start, folder, changed);
  const usual = await open({ variants: ['success-200'] });
  const others = await Promise.all([
    open({ variants: ['success-200', 'foreign-request-404'] }),
    open({}),
    open({ variants: ['success-200'], faults: ['read-permission-suffices'] }),
    open({ variants: ['success-200'], faults: ['success-without-request-id'] }),
  ]);
  const [hiding, contentless, lax, flaky] = others;
  const slow = { delays: { delivering: 60_000 } };
  const signedIn = async (): Promise<Report> => {
    await usual.signIn();
    return usual.run();
  };
  const asEver = (): Promise<Report> => usual.run();
  const signedOut = async (): Promise<Report> => {
    await usual.policy({ refreshTokens: 'ended' });
    return usual.run();
  };
  const live = {
    'nobody has signed in': signedOut,
    'all have signed in': signedIn,
    'as ever': asEver,
    'after a weekend without nights': asEver,
    'the sign-in is lost': signedOut,
    'the consent is withdrawn': async () => {
      await usual.signIn();
      await usual.policy({ withoutConsent: true });
      const report = await usual.run();
      await usual.policy({ withoutConsent: false });
      return report;
    },
    'the licence is gone': () => usual.run({ licensed: false }),
    'an outage': () => usual.runInOutage(),
    'all is back': asEver,
    'a storm of 429': () => usual.run({ nuisances: ['throttling'], retryAfterS: 3600, turnedAwayPercent: 60 }),
    'a slow week': () => usual.run(slow),
    'slow, and 404 for 403': () => hiding.run(slow),
    '404 for 403': () => hiding.run(),
    '403 again': asEver,
    '204 for 200': () => contentless.run(),
    '200 again': asEver,
    'Read.All suffices to cancel': () => lax.run(),
    'it is mended': asEver,
    'request-id is missing once': () => flaky.run(),
    'a suite with other checks': async () => ofNewerSuite(await usual.run()),
    'as ever, by that suite': async () => ofNewerSuite(await usual.run()),
  };
  return { live, tenants: [usual, ...others] };
}

test('thirty nights on a tenant: no night that could not tell is green, no base is lost, and what moved is said at once and until it is accepted', async ({
  start,
  folder,
}) => {
  test.slow();
  const rows = documented();
  expect(rows).toHaveLength(30);
  const { live, tenants } = await happenings(start, folder);
  expect(new Set(rows.map(({ what }) => what))).toEqual(new Set(Object.keys(live)));
  for (const { day, what, isAccepted, state, exitCode, line } of rows) {
    const happens = live[what];
    if (happens === undefined) throw new Error(`the self-test knows no night of "${what}"`);
    const report = await happens();
    const run = leave(folder, day, onDay(report, day));
    const filed = await fileNight({ folder: path.join(folder, 'nights'), run, ...settings });
    expect
      .soft([filed.exitCode, filed.night.state, filed.night.line], `${day}: ${what}`)
      .toEqual([exitCode, state, expect.stringMatching(line)]);
    const { base } = bookIn(folder);
    expect(base === null || existsSync(path.join(folder, 'nights', base, 'report.json')), `${day}: the base`).toBe(
      true,
    );
    if (isAccepted) await accept(folder, day);
  }
  const book = bookIn(folder);
  expect(book.accepted.map(({ night, moved }) => [night, moved.length > 0])).toEqual(
    rows.flatMap(({ day, isAccepted, state }) => (isAccepted ? [[day, state === 'moved']] : [])),
  );
  const green = book.nights.filter(({ state }) => state === 'same');
  expect(green.filter(({ told, of }) => told * 100 < of * settings.leastPercent)).toEqual([]);
  for (const { client } of tenants) {
    const { mails } = (await client.control('GET /mails')).body as unknown as Mails;
    expect(mails.filter(({ foreign }) => !foreign)).toEqual([]);
    const { accesses } = (await client.control('GET /accesses')).body as unknown as Accesses;
    expect(accesses.flatMap(({ touched }) => touched.filter(({ foreign }) => foreign))).toEqual([]);
  }
});
