import {
  comparableRuns,
  conformantRun,
  failingTarget,
  fault,
  onTerminal,
  ownTarget,
  pages,
  playwrightProject,
  recipe,
  signIn,
  target,
  tenant,
  tenantTarget,
  trialFile,
} from './command-givens.js';
import type { CoverageTable } from './command-run.js';
import { checkout, copiedCheckout, edit } from './command-scene.js';
import { lastPartOf } from './inline-commands.js';

const written = ['reports/index.html', 'reports/report.json'];
const signInCommand = 'cancel-conformance doctor --sign-in --target target.yaml';

const lockIsWhole = 'npm ci --dry-run --ignore-scripts';
const installs =
  'npm ci would take the packages away and ask a registry; the dry run holds the lock against package.json';
const minutes = 'it takes minutes; the same for one fault';
const proveOne = `prove --fault ${fault}`;
const gate = '.ci/run';
const ofGate =
  'tests and checks of the whole project take minutes, and this is one of the tests; the gate carries both out';
const withoutNpm = 'what package.json declares for it: npm and the build in front of it are executed by others';

/** A script of the package without npm and without the build in front of it. */
const script = (name: string, more = ''): { readonly command: string; readonly because: string } => ({
  command: `${lastPartOf(name)}${more}`,
  because: withoutNpm,
});

/** That an option is unknown, and not those before it, is said before anything is measured, which takes minutes. */
const mutated = { needs: [copiedCheckout], exit: 2, complains: /Unknown option '--none'/ };
const benched = { needs: [checkout], exit: 1, complains: /Unknown option '--none'/ };

/** What each command of the documents presupposes and comes to. */
export const commandTable: CoverageTable = {
  // In a checkout.
  'npm ci': { needs: [copiedCheckout], instead: { command: lockIsWhole, because: installs } },
  'npm ci && npm start': {
    needs: [checkout],
    instead: { command: 'npm start', because: 'npm ci is a command of its own' },
    prints: /CONFORMANT/,
    leaves: written,
  },
  'npm cit': { elsewhere: { file: gate, holds: '\nnpm cit\n', because: ofGate } },
  'npm test': {
    elsewhere: { file: gate, holds: '\nnpm cit\n', because: `${ofGate}, this by the second half of npm cit` },
  },
  'npm run daily': {
    needs: [copiedCheckout],
    exit: 2,
    complains: /give a seed of digits/,
    instead: { command: `${lastPartOf('daily')} today`, because: ofGate },
  },
  'npm run check': { elsewhere: { file: gate, holds: '\nnpm run check\n', because: ofGate } },
  'npm run build': {
    elsewhere: { file: 'package.json', holds: '"test": "npm run build && ', because: 'npm test begins with it' },
  },
  'npm run types': {
    needs: [copiedCheckout],
    instead: script('types'),
    prints: /wrote src\/engine\/models\/report\.ts/,
  },
  'npm run pages': { needs: [copiedCheckout], instead: script('pages'), prints: /wrote docs\/editions\.md/ },
  'npm run screenshots': {
    needs: [copiedCheckout],
    instead: {
      command: `${lastPartOf('screenshots')} conformant`,
      because: `${withoutNpm}; each of the five pictures takes a run, so one of them`,
    },
    prints: /^wrote docs\/screenshots\/conformant\.png$/m,
  },
  'npm run mutants': { ...mutated, instead: script('mutants', ' --none') },
  'npm run mutants -- --seed 20261129 --count 14 --json mutants.json': {
    ...mutated,
    instead: script('mutants', ' --seed 20261129 --count 14 --json mutants.json --none'),
  },
  'npm run mutants -- --rooms engine,cancel,hosts --workers 1': {
    ...mutated,
    instead: script('mutants', ' --rooms engine,cancel,hosts --workers 1 --none'),
  },
  'npm run mutants -- --only src/hosts/lanes.ts:20': {
    ...mutated,
    instead: script('mutants', ' --only src/hosts/lanes.ts:20 --none'),
  },
  'npm run bench': { ...benched, instead: script('bench', ' --none'), once: true },
  'npm run bench -- --rounds 3 --json figures.json': {
    ...benched,
    instead: script('bench', ' --rounds 3 --json figures.json --none'),
  },
  'npm run prove': {
    needs: [copiedCheckout],
    prints: /wrote proof\/kill-matrix\.json/,
    instead: {
      command: `cp proof/kill-matrix.json reports && ${lastPartOf('prove')}`,
      because: 'prove takes minutes, and is a command of its own; what is left for the script is to ship its matrix',
    },
  },
  'CANCEL_SEARCH_SEED=466864452 CANCEL_SEARCH_RUNS=300 npx playwright test --config tests/selftest/playwright.config.ts search.spec':
    {
      needs: [checkout],
      prints: / passed/,
      instead: {
        command:
          'CANCEL_SEARCH_SEED=466864452 CANCEL_SEARCH_RUNS=3 npx playwright test --config tests/selftest/playwright.config.ts search.spec -g "no server error" --output "$PWD/test-results"',
        because:
          '300 runs of each search take a minute; three of one, and nothing where the tests that are running keep their results',
      },
    },

  // On Playwright's runner.
  'npx playwright test': { needs: [checkout], prints: /CONFORMANT/, leaves: written, once: true },
  'npx playwright test -g CANCEL-PERM-008': {
    needs: [checkout],
    prints: /similarScopeUser.*\nTotal: 1 test in 1 file/,
    instead: {
      command: 'npx playwright test -g CANCEL-PERM-008 --list',
      because: 'what such a run leaves is seen by playwright-host; here, that the suite in the checkout is chosen from',
    },
  },
  'npx playwright test conformance.spec.ts': {
    needs: [playwrightProject],
    exit: 3,
    prints: /INCOMPLETE/,
    leaves: ['conformance-report/index.html'],
  },
  'PLAYWRIGHT_BLOB_OUTPUT_FILE=blobs/1.zip npx playwright test --shard 1/2 --reporter blob': {
    needs: [playwrightProject],
    leaves: ['blobs/1.zip'],
  },
  'PLAYWRIGHT_BLOB_OUTPUT_FILE=blobs/2.zip npx playwright test --shard 2/2 --reporter blob': {
    leaves: ['blobs/2.zip'],
  },
  'npx playwright merge-reports --config playwright.config.ts blobs': {
    exit: 3,
    prints: /INCOMPLETE/,
    leaves: ['conformance-report/report.json'],
  },

  // Your own target.
  'npx cancel-conformance init': { leaves: ['target.yaml', '.env'] },
  'npx cancel-conformance doctor --target target.yaml': { needs: [ownTarget], prints: /Provable 100 %/ },
  'npx cancel-conformance run --target target.yaml': { needs: [ownTarget], leaves: written },
  [`node dist/src/cli/main.js serve --port 4010 --fault ${fault}`]: { needs: [checkout], serves: true },
  'npm start -- --target http://127.0.0.1:4010': {
    exit: 1,
    prints: /CANCEL-PERM-008/,
    instead: script('start', ' --target http://127.0.0.1:4010'),
  },
  'node dist/src/cli/main.js run --target http://127.0.0.1:4010': { exit: 1, prints: /CANCEL-PERM-008/ },
  'npx cancel-conformance waive reports/report.json --out waivers.yaml': {
    needs: [checkout, failingTarget],
    afterwards: (scene) => {
      edit(scene, 'waivers.yaml', ['REPLACE ME: who answers for this?', 'team-gateway']);
      edit(scene, 'waivers.yaml', ['REPLACE ME: why is this failure accepted?', 'known since spring']);
    },
  },
  'npm start -- --target my-target.yaml --waivers waivers.yaml': {
    prints: /waived/i,
    instead: script('start', ' --target my-target.yaml --waivers waivers.yaml'),
  },

  // The control protocol.
  'curl -s http://127.0.0.1:4010/conformance/v1/': { needs: [target], prints: /cancel-conformance-control\/1/ },
  [`curl -s http://127.0.0.1:4010/conformance/v1/tokens -H 'content-type: application/json' -d '{"persona":"requestor"}'`]:
    { needs: [target], prints: /"token": ?"/ },
  'node docs/examples/control-server.mjs 4010': { needs: [checkout], serves: true },
  'cancel-conformance run --target http://127.0.0.1:4010': { exit: 3, leaves: written },

  // In a pipeline.
  ': "${CONFORMANCE:=npx --yes cancel-conformance@0.1.0}"': { needs: [recipe] },
  'code=0': {},
  '$CONFORMANCE run --target "$TARGET" --out conformance-report || code=$?': {
    leaves: ['conformance-report/junit.xml'],
  },
  [`case $code in
  0) echo 'conformant' ;;
  1) echo 'nonconformant: see conformance-report/summary.md' ;;
  3) echo 'incomplete: something was missing, see conformance-report/summary.md' ;;
  *) echo "no verdict (exit code $code)" ;;
esac`]: { prints: /^conformant\n$/ },
  'exit $code': {},

  // Finished runs.
  'npx cancel-conformance compare last-night/ tonight/': { needs: [comparableRuns] },
  'npx cancel-conformance compare emulator/ gateway/ live/ --out reports': {
    needs: [comparableRuns],
    exit: 1,
    leaves: ['reports/comparison.html', 'reports/comparison.json', 'reports/comparison.md'],
  },
  'npx cancel-conformance judge reports': { needs: [conformantRun], prints: /EQUAL/ },
  'npx cancel-conformance judge reports --reading C-1=200': { needs: [conformantRun], exit: 1 },

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
  'npx cancel-conformance prove': {
    prints: /PROVED, PARTIAL/,
    leaves: ['reports/kill-matrix.html', 'reports/kill-matrix.json'],
    instead: { command: `npx cancel-conformance ${proveOne}`, because: minutes },
  },
  'npx cancel-conformance prove --pairs': {
    instead: {
      command: `npx cancel-conformance prove --pairs --fault ${fault} any-other-scope-suffices`,
      because: minutes,
    },
  },

  // A live tenant.
  'cancel-conformance init --provider graph': { leaves: ['target.yaml', '.env'] },
  [signInCommand]: {
    needs: [tenantTarget],
    exit: 3,
    instead: onTerminal(signInCommand),
    person: signIn,
    prints: /✓ otherUser from a device code/,
  },
  'cancel-conformance doctor --target target.yaml': { exit: 3, prints: /✓ otherUser from a device code/ },
  'cancel-conformance plan --target target.yaml': { shows: { HASH: /^Hash +(\w+)/m } },
  'cancel-conformance run --target target.yaml --approve HASH': { exit: 3, leaves: written },
  'cancel-conformance prepare --target target.yaml --approve HASH': { prints: /Prepared 1/ },
  'cancel-conformance recover .cancel-conformance --target target.yaml': { prints: /nothing was left/ },

  // A tenant on this machine.
  'CANCEL_TENANT_SECRET=any-secret-with-1-digit cancel-conformance serve --tenant --port 4010': { serves: true },
  'cancel-conformance serve --tenant --port 4010 --others 1000 --nuisances all --delays accepting=500,delivering=2000':
    {
      serves: true,
    },
  'cancel-conformance serve --tenant --port 4010 --others 1000 --nuisances all': {
    serves: true,
    instead: {
      command: 'cancel-conformance serve --tenant --port 4010 --others 1000 --delays 20',
      because: 'with all that stands in the way, a run takes minutes',
    },
  },
  [`for WHO in administrator requestor otherUser; do
  export "TOKEN_$WHO=$(curl -s http://127.0.0.1:4010/tenant/v1/tokens -d "{\\"persona\\":\\"$WHO\\"}" | jq -r .token)"
done`]: { needs: [trialFile] },
  'cancel-conformance run --target trial.yaml': { exit: 3, leaves: written },
  'T=http://127.0.0.1:4010': { needs: [tenant] },
  [`TOKEN=$(curl -s $T/tenant/v1/tokens -d '{"persona":"administrator"}' | jq -r .token)`]: {},
  [`curl -s $T/beta/identityGovernance/entitlementManagement/accessPackageCatalogs -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"displayName":"Trial"}'`]:
    { prints: /"displayName": ?"Trial"/ },
};
