import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readOptions as readBenchOptions } from '../../../bench/options.js';
import { readOptions as readMutantsOptions } from '../../../scripts/mutants/options.js';
import {
  comparableRuns,
  conformantRun,
  dearTarget,
  failingTarget,
  fault,
  ownTarget,
  pages,
  recipe,
  signIn,
  target,
  tenant,
  tenantTarget,
  trialFile,
} from './command-givens.js';
import type { CoverageTable } from './command-run.js';
import { checkout, edit } from './command-scene.js';
import { lastPartOf } from './inline-commands.js';

const written = ['reports/index.html', 'reports/report.json'];

const gate = '.ci/run';
const ofGate = {
  file: gate,
  holds: '\nnpm cit\n',
  because:
    'installing, testing and checking the whole project takes minutes, and this is one of the tests; the gate does it all',
};

/** What a spec starts is not started here, too. */
const bySpec = (
  name: string,
  holds: string,
): { readonly file: string; readonly holds: string; readonly because: string } => ({
  file: `tests/selftest/${name}.spec.ts`,
  holds,
  because: 'its own test looks at more of what it comes to',
});
const onRunner = (holds: string): ReturnType<typeof bySpec> => bySpec('hosts/playwright-host', holds);
const controlExample = (holds: string): ReturnType<typeof bySpec> => bySpec('emulators/control-example', holds);

/** A script of the package without npm and without the build in front of it. */
const script = (name: string, more: string): { readonly command: string; readonly because: string } => ({
  command: `${lastPartOf(name)} ${more}`,
  because: 'npm and the build in front of it are executed by others, and the whole of it takes minutes',
});

/** That an option is unknown, and not those before it, is said before anything is measured. */
const unknownOption = /Unknown option '--none'/;

/** Commands that sign a run. */
const signing = (words: string): string => `openssl ${words}`;

const ofReadme = bySpec('house/readme', 'README.md');

/** What each command of the documents presupposes and comes to. */
export const commandTable: CoverageTable = {
  // In a checkout.
  'npm ci': { elsewhere: ofGate },
  'npm ci && npm start': {
    needs: [checkout, dearTarget],
    instead: {
      command: 'npm start -- --target dear.yaml',
      because: 'npm ci is a command of its own, and most tests of the command run all cases on the embedded target',
    },
    prints: /CONFORMANT/,
    leaves: written,
  },
  'npm cit': { elsewhere: ofGate },
  'npm test': { elsewhere: ofGate },
  'npm run daily': {
    needs: [checkout],
    exit: 2,
    complains: /give a seed of digits/,
    instead: script('daily', 'today'),
  },
  'npm run check': { elsewhere: { ...ofGate, holds: '\nnpm run check\n' } },
  'npm run build': {
    elsewhere: { file: 'package.json', holds: '"test": "npm run build && ', because: 'npm test begins with it' },
  },
  'npm run types': { elsewhere: bySpec('engine/models', 'makeTypes(folder') },
  'npm run pages': { elsewhere: bySpec('house/generated-lists', 'makePages(folder)') },
  'npm run screenshots': {
    needs: [checkout],
    exit: 2,
    complains: /no picture none: there are conformant, /,
    instead: script('screenshots', 'none'),
  },
  'npm run mutants': { reads: readMutantsOptions },
  'npm run mutants -- --seed 20261129 --count 14 --json mutants.json': {
    needs: [checkout],
    exit: 2,
    complains: unknownOption,
    instead: script('mutants', '--seed 20261129 --count 14 --json mutants.json --none'),
  },
  'npm run mutants -- --rooms engine,cancel,hosts --workers 1': { reads: readMutantsOptions },
  'npm run mutants -- --only src/hosts/lanes.ts:20': { reads: readMutantsOptions },
  'npm run bench': { reads: readBenchOptions },
  'npm run bench -- --rounds 3 --json figures.json': {
    needs: [checkout],
    exit: 1,
    complains: unknownOption,
    instead: script('bench', '--rounds 3 --json figures.json --none'),
  },
  'npm run prove': { elsewhere: bySpec('cancel/coverage', 'shipMatrix(folder') },
  'CANCEL_SEARCH_SEED=466864452 CANCEL_SEARCH_RUNS=300 npx playwright test --config tests/selftest/playwright.config.ts search.spec':
    { elsewhere: bySpec('emulators/search', "process.env['CANCEL_SEARCH_RUNS']") },

  // On Playwright's runner.
  'npx playwright test': { elsewhere: bySpec('hosts/playwright-host.daily', "['test']") },
  'npx playwright test -g CANCEL-PERM-008': { elsewhere: onRunner("'-g', 'CANCEL-PERM-008'") },
  'npx playwright test conformance.spec.ts': { elsewhere: onRunner("'test', 'conformance.spec.ts'") },
  'PLAYWRIGHT_BLOB_OUTPUT_FILE=blobs/1.zip npx playwright test --shard 1/2 --reporter blob': {
    elsewhere: onRunner("PLAYWRIGHT_BLOB_OUTPUT_FILE: path.join(folder, 'blobs'"),
  },
  'PLAYWRIGHT_BLOB_OUTPUT_FILE=blobs/2.zip npx playwright test --shard 2/2 --reporter blob': {
    elsewhere: onRunner("'--shard', `${shard}/2`"),
  },
  'npx playwright merge-reports --config playwright.config.ts blobs': {
    elsewhere: onRunner("['merge-reports', '--config', 'playwright.config.ts', 'blobs']"),
  },

  // Your own target.
  'mkdir ../my-target && cd ../my-target': { elsewhere: ofReadme },
  'npm install --ignore-scripts ../cancel-conformance': { elsewhere: ofReadme },
  'npx cancel-conformance init': { elsewhere: ofReadme },
  'npx cancel-conformance doctor --target target.yaml': { elsewhere: ofReadme },
  'npx cancel-conformance run --target target.yaml': { elsewhere: ofReadme },
  [`node dist/src/cli/main.js serve --port 4010 --fault ${fault}`]: { serves: true },
  'npm start -- --target http://127.0.0.1:4010': {
    elsewhere: {
      file: 'CONTRIBUTING.md',
      holds: `${lastPartOf('start')} --target http://127.0.0.1:4010`,
      because: 'it is what package.json declares for it, and executed there on the same target',
    },
  },
  'node dist/src/cli/main.js run --target http://127.0.0.1:4010': {
    exit: 1,
    prints: /CANCEL-PERM-008/,
    instead: {
      command: 'node dist/src/cli/main.js run --target http://127.0.0.1:4010 --only CANCEL-PERM-008',
      because: 'of all that a run does, it is its one failed row that tells',
    },
  },
  'npx cancel-conformance run --target target.yaml --approve HASH --history nights/history.jsonl --out nights/tonight':
    {
      elsewhere: {
        file: 'ci/nightly.sh',
        holds: '--history "$NIGHTS/history.jsonl" --out "$NIGHTS/tonight"',
        because: 'a night on a tenant takes its time, and the script of the nights, which has its own test, runs it so',
      },
    },
  'npx cancel-conformance night nights/tonight': { elsewhere: bySpec('wings/nights/nights', "runCli(['night', ") },
  "npx cancel-conformance accept --owner team-x --reason 'announced, see the release notes'": {
    elsewhere: bySpec('wings/nights/nights', "runCli(['accept', "),
  },
  'npx cancel-conformance waive reports/report.json --out waivers.yaml': {
    needs: [failingTarget],
    afterwards: (scene) => {
      edit(scene, 'waivers.yaml', ['REPLACE ME: who answers for this?', 'team-gateway']);
      edit(scene, 'waivers.yaml', ['REPLACE ME: why is this failure accepted?', 'known since spring']);
    },
  },
  'npm start -- --target my-target.yaml --waivers waivers.yaml': {
    prints: /waived/i,
    instead: script('start', '--target my-target.yaml --waivers waivers.yaml'),
  },

  // The control protocol.
  'curl -s http://127.0.0.1:4010/conformance/v1/': { needs: [target], prints: /cancel-conformance-control\/1/ },
  [`curl -s http://127.0.0.1:4010/conformance/v1/tokens -H 'content-type: application/json' -d '{"persona":"requestor"}'`]:
    { needs: [target], prints: /"token": ?"/ },
  'node docs/examples/control-server.mjs 4010': { elsewhere: controlExample("'control-server.mjs'") },
  'npx cancel-conformance run --target http://127.0.0.1:4010': {
    elsewhere: controlExample("run(['--target', origin])"),
  },

  // In a pipeline.
  ': "${CONFORMANCE:=npx --no cancel-conformance}"': { needs: [recipe] },
  'code=0': {},
  '$CONFORMANCE run --target "$TARGET" --out conformance-report || code=$?': {
    leaves: ['conformance-report/junit.xml'],
  },
  '[ -f conformance-report/report.json ] || code=2': {},
  [`case $code in
  0) echo 'conformant' ;;
  1) echo 'nonconformant: see conformance-report/summary.md' ;;
  3) echo 'incomplete: something was missing, see conformance-report/summary.md' ;;
  *) echo "no verdict (exit code $code)" ;;
esac`]: { prints: /^conformant\n$/ },
  'exit $code': {},

  'npx cancel-conformance run --target target.yaml --history kept/history.jsonl --out kept/tonight': {
    needs: [ownTarget],
    prints: /This is the first run of its history\./,
    leaves: ['kept/tonight/index.html'],
  },
  'npx cancel-conformance night kept/tonight --nights kept': {
    prints: /the first night/,
    leaves: ['kept/history.html'],
  },
  'npx cancel-conformance history kept/history.jsonl': { prints: /1 run, no requirement changed/ },

  // Finished runs.
  'npx cancel-conformance compare last-night/ tonight/': { needs: [comparableRuns] },
  'npx cancel-conformance compare emulator/ gateway/ live/ --out reports': {
    needs: [comparableRuns],
    exit: 1,
    leaves: ['reports/comparison.html', 'reports/comparison.json', 'reports/comparison.md'],
  },
  'npx cancel-conformance judge reports': { needs: [conformantRun], prints: /EQUAL/ },
  'npx cancel-conformance judge reports --reading C-1=200': { needs: [conformantRun], exit: 1 },
  [signing('genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out signing-key.pem')]: {
    needs: [conformantRun],
    leaves: ['signing-key.pem'],
  },
  [signing('pkey -in signing-key.pem -pubout -out signing-key.pub.pem')]: { leaves: ['signing-key.pub.pem'] },
  [signing('dgst -sha256 -sign signing-key.pem -out reports/report.json.sig reports/report.json')]: {
    leaves: ['reports/report.json.sig'],
  },
  [signing('dgst -sha256 -verify signing-key.pub.pem -signature reports/report.json.sig reports/report.json')]: {
    prints: /Verified OK/,
    // What somebody changed since is no longer what was signed.
    afterwards: ({ folder }) => {
      appendFileSync(path.join(folder, 'reports', 'report.json'), ' ');
      const verify = 'dgst -sha256 -verify signing-key.pub.pem -signature reports/report.json.sig reports/report.json';
      const { status, stdout } = spawnSync('openssl', verify.split(' '), { cwd: folder, encoding: 'utf8' });
      if (status === 0) throw new Error(`a changed report was verified: ${stdout}`);
      const file = path.join(folder, 'reports', 'report.json');
      writeFileSync(file, readFileSync(file, 'utf8').slice(0, -1));
    },
  },
  'npx cancel-conformance judge reports --verify': { needs: [conformantRun], prints: /Recomputed/ },

  // The documentation page.
  'npx cancel-conformance doc page.md': { needs: [pages], exit: 1, prints: /several-success-statuses/ },
  'npx cancel-conformance doc page.md cancel-permissions.md --edition beta-2024': {
    needs: [pages],
    exit: 1,
    prints: /drift-permission/,
  },
  'npx cancel-conformance doc page.md --format sarif': { needs: [pages], exit: 1, prints: /"runs"/ },
  'npx cancel-conformance doc page.md --suggest reports --out fix': {
    needs: [pages, conformantRun],
    exit: 1,
    leaves: ['fix/page.diff', 'fix/overlay.yaml'],
  },
  'npx cancel-conformance doc --coverage page.md': { needs: [pages], exit: 1, prints: /Without an owner/ },
  'npx cancel-conformance report reports --doc page.md': {
    needs: [pages, conformantRun],
    leaves: ['reports/doc.html'],
  },
  'npx cancel-conformance doc --coverage --draft page.md > owners.yaml': {
    needs: [pages],
    exit: 1,
    afterwards: (scene) => {
      edit(scene, 'owners.yaml', [/requirements:\s+- "REPLACE[^"]*"/g, 'informative: "background"']);
    },
  },
  'npx cancel-conformance doc --coverage page.md --ownership owners.yaml': {},

  // How the suite proves itself.
  'npx cancel-conformance prove': { elsewhere: bySpec('wings/prove/prove.daily', "['prove']") },
  'npx cancel-conformance prove --across defective-personas-owners': {
    elsewhere: bySpec('wings/prove/across.daily', "'--across', variant"),
  },
  'npx cancel-conformance prove --pairs': { elsewhere: bySpec('wings/prove/pairs.daily', "'prove', '--pairs'") },

  // A live tenant.
  'npx cancel-conformance init --provider graph': { leaves: ['target.yaml', '.env'] },
  'npx cancel-conformance doctor --sign-in --target target.yaml': {
    needs: [tenantTarget],
    exit: 3,
    person: signIn,
    prints: /✓ otherUser from a device code/,
  },
  'npx cancel-conformance doctor --target ./target.yaml': { exit: 3, prints: /✓ otherUser from a device code/ },
  'npx cancel-conformance plan --target target.yaml': { shows: { HASH: /^Hash +(\w+)/m } },
  'npx cancel-conformance run --target target.yaml --approve HASH': { exit: 3, leaves: written },
  'npx cancel-conformance prepare --target target.yaml --approve HASH': { prints: /Prepared 1/ },
  'npx cancel-conformance recover .cancel-conformance --target target.yaml': {
    prints: /, 0 left; 0 old journals removed/,
  },

  // A tenant on this machine.
  'CANCEL_TENANT_SECRET=any-secret-with-1-digit cancel-conformance serve --tenant --port 4010': { serves: true },
  'npx cancel-conformance serve --tenant --port 4010 --others 1000 --nuisances all --delays accepting=500,delivering=2000':
    { serves: true },
  'npx cancel-conformance serve --tenant --port 4010 --others 1000 --nuisances all': {
    serves: true,
    instead: {
      command: 'npx cancel-conformance serve --tenant --port 4010 --others 20 --delays 0',
      because: 'with all that stands in the way, a run takes minutes',
    },
  },
  [`for WHO in administrator requestor otherUser; do
  export "TOKEN_$WHO=$(curl -s http://127.0.0.1:4010/tenant/v1/tokens -d "{\\"persona\\":\\"$WHO\\"}" | jq -r .token)"
done`]: { needs: [trialFile] },
  'npx cancel-conformance run --target trial.yaml --approve emulated': { exit: 3, leaves: written },
  'T=http://127.0.0.1:4010': { needs: [tenant] },
  [`TOKEN=$(curl -s $T/tenant/v1/tokens -d '{"persona":"administrator"}' | jq -r .token)`]: {},
  [`curl -s $T/beta/identityGovernance/entitlementManagement/accessPackageCatalogs -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"displayName":"Trial"}'`]:
    { prints: /"displayName": ?"Trial"/ },
};
