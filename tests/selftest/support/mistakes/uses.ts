import type { Mistake } from './mistake.js';

/** A command that is wrong as it stands, whatever there is around it. */
interface Misuse extends Mistake {
  readonly args: readonly string[];
}

const misuse = (what: string, args: readonly string[], says: string): Misuse => ({ what, args, says, code: 2 });

const areas = 'STATE, PERM, AUTH, BODY, RESP, EFFECT, ADDR, ERR, ROBUST';

/** Words of the command line. */
export const misuses: readonly Misuse[] = [
  misuse('an unknown command', ['rum'], "error: unknown command 'rum'"),
  misuse('an unknown option', ['run', '--taget', 'x'], "error: unknown option '--taget'"),
  misuse(
    'an unknown option with a value',
    ['run', '--token=S3cret-of-another-program'],
    "error: unknown option '--token=…'",
  ),
  misuse('an option without its value', ['run', '--target'], "error: option '--target <file|url>' argument missing"),
  misuse(
    'an argument too many',
    ['run', 'more'],
    "error: too many arguments for 'run'. Expected 0 arguments but got 1.",
  ),
  misuse(
    'a target file that is not there',
    ['run', '--target', 'nope.yaml'],
    'nope.yaml: no such target file; give the path of a target file or a URL with http(s)://',
  ),
  misuse('a folder as target file', ['run', '--target', '.'], '.: a folder, no file'),
  misuse('a URL that is none', ['run', '--target', 'http://'], '--target http://: not a URL'),
  misuse(
    'another scheme',
    ['run', '--target', 'ftp://host/x'],
    '--target ftp://host/x: only http and https can be tested',
  ),
  misuse(
    'a URL with credentials',
    ['run', '--target', 'http://me:pass@host'],
    '--target: give the URL without credentials, query and fragment',
  ),
  misuse(
    'an unknown edition',
    ['run', '--edition', 'beta-2012-05'],
    '--edition: no edition beta-2012-05; did you mean beta-2021-05? Known: beta-2021-05, …',
  ),
  misuse(
    'an unknown clause',
    ['run', '--reading', 'C-99=200'],
    '--reading C-99=200: no contested clause C-99; did you mean C-9?',
  ),
  misuse(
    'an unknown reading',
    ['run', '--reading', 'C-1=201'],
    '--reading C-1=201: C-1 has no reading 201; did you mean 200? Known: 200, 204, either',
  ),
  misuse('a reading without a name', ['run', '--reading', 'C-1'], '--reading C-1: write clause=name, such as C-1=200'),
  misuse(
    'a clause that is settled',
    ['run', '--reading', 'C-10=late'],
    '--reading C-10=late: C-10 (…) is settled by the suite: …; can be chosen: C-1, C-2, …',
  ),
  misuse(
    'a reading that comes with an edition',
    ['run', '--reading', 'C-2=none'],
    '--reading C-2=none: none of C-2 says what is sent, which the edition beta-2021-05 decides; choose an edition that has it, by --edition',
  ),
  misuse(
    'a reading of requirements that the edition does not have',
    ['run', '--reading', 'C-9=subject-access'],
    '--reading C-9=subject-access: subject-access of C-9 speaks of CANCEL-PERM-009, CANCEL-PERM-014, CANCEL-PERM-015, which the edition beta-2021-05 does not have; leave it out, or choose an edition that has them',
  ),
  misuse('no worker at all', ['run', '--workers', '0'], '--workers 0: give a whole number from 1 to 64'),
  misuse('workers in words', ['run', '--workers', 'two'], '--workers two: give a whole number from 1 to 64'),
  ...['run', 'doctor'].flatMap((name) =>
    ['0', 'soon', '1.5', '3601'].map((wait) =>
      misuse(
        `${name} that waits ${wait} s`,
        [name, '--wait', wait],
        `--wait ${wait}: give a whole number from 1 to 3600`,
      ),
    ),
  ),
  misuse(
    'an unknown area',
    ['run', '--area', 'PERM,STAT'],
    `--area STAT: no such area; did you mean STATE? Known: ${areas}`,
  ),
  misuse(
    'an unknown fault of serve',
    ['serve', '--fault', 'always-402'],
    'no fault always-402; did you mean always-401?',
  ),
  misuse(
    'an unknown variant of serve',
    ['serve', '--variant', 'success-20'],
    'no variant success-20; did you mean success-200?',
  ),
  misuse('a port out of range', ['serve', '--port', '65536'], '--port 65536: give a whole number from 0 to 65535'),
  misuse('a waiver file that is not there', ['run', '--waivers', 'nope.yaml'], 'nope.yaml: no such file'),
  misuse('no report where one is read', ['waive'], 'reports/report.json: no such file; give the report.json of a run'),
  misuse(
    'a run that is compared with nothing',
    ['compare', 'one'],
    'one: only one run is named; name two or more, the base first',
  ),
  misuse(
    'a target in which nothing can be prepared',
    ['prepare'],
    'embedded: only a target with the provider graph can be prepared',
  ),
];

/** Names of files that the suite would write, in places that cannot be written: not even root can. */
export const places: readonly (Mistake & { readonly out: string })[] = [
  { what: 'a file in its place', out: 'taken', errno: 'EEXIST' },
  { what: 'a file above it', out: 'taken/below', errno: 'EEXIST' },
  { what: 'a place that takes no folders', out: '/proc/reports', errno: 'ENOENT' },
  { what: 'a place below that one', out: '/proc/reports/below', errno: 'ENOENT' },
  { what: 'a device in its place', out: '/dev/null', errno: 'EEXIST' },
].map(({ what, out, errno }) => ({
  what,
  out,
  says: `--out ${out}: cannot be written (${errno}); choose a folder that can`,
  code: 2,
}));

/** Commands that would write below `out`, where a folder has the name of one of their files; RUN stands for a finished run. */
export const occupied: readonly (Mistake & { readonly name: string; readonly args: readonly string[] })[] = [
  { name: 'comparison.html', args: ['compare', 'RUN', 'RUN'] },
  { name: 'comparison.md', args: ['compare', 'RUN', 'RUN'] },
  { name: 'index.html', args: ['report', 'RUN'] },
  { name: 'page.diff', args: ['doc', 'page.md', '--suggest', 'RUN'] },
].map(({ name, args }) => ({
  name,
  args,
  what: `a folder in the place of ${name}, for ${args[0] ?? ''}`,
  says: `--out out: ${name} in it is a folder, in whose place no file can be written; remove it, or choose another folder`,
  code: 2,
}));

/** A file of the pipeline that cannot be written: told behind the verdict. */
export const noStepSummary: Mistake = {
  what: 'a step summary that cannot be written',
  says: 'GITHUB_STEP_SUMMARY: /nonexistent/summary.md cannot be written (ENOENT)',
  code: 2,
};
