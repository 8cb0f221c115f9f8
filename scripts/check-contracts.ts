import { checkedContractsFile, hashOfSources, type CheckedContracts } from '../src/engine/contract/checked.js';
import { endpoint } from '../src/cancel/endpoint.js';
import { gateFlaws } from '../src/engine/plan/one-gate.js';
import { ConfigurationError } from '../src/engine/errors.js';
import { stampFile } from '../src/engine/contract/kill-matrix.js';
import { writeWhole } from '../src/engine/files.js';
import { checkContract, knownEditions } from '../src/engine/contract/load.js';
import { contractOf } from '../src/engine/contract/under.js';
import { buildPageJudge } from './page-judge.js';
import { stampOfMeaning } from './stamp.js';
import { buildValidators } from './validators.js';

// Part of the build: loads and cross-checks the contract of every edition once, so that a start need not, makes the
// validators of the schemas, and stamps the suite.
try {
  buildValidators();
  const contracts = Object.fromEntries(knownEditions().map((id) => [id, checkContract(id)]));
  const flaws = Object.values(contracts).flatMap((contract) => gateFlaws(contractOf(contract, endpoint)));
  if (flaws.length > 0) throw new ConfigurationError([...new Set(flaws)].join('\n'));
  const checked: CheckedContracts = { sources: hashOfSources(), contracts };
  writeWhole(checkedContractsFile, JSON.stringify(checked));
  await buildPageJudge();
  writeWhole(stampFile, JSON.stringify({ stamp: stampOfMeaning() }));
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
