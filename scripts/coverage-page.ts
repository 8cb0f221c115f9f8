import { declaredChecks } from '../src/engine/plan/coverage.js';
import { gateMatrices, type GateMatrix } from '../src/engine/plan/gate-matrices.js';
import type { KillMatrix } from '../src/engine/contract/kill-matrix.js';
import { loadContract } from '../src/cancel/contract.js';
import { isOfEdition, scoringRows } from '../src/engine/contract/rows.js';

/** The page of the docs that is made from the data, below the root of the package. */
export const coveragePage = 'docs/coverage.md';

/**
 * Rows, checks and faults against each other, as a page of the docs.
 * @param matrix the proof that the page tells of
 */
export function renderCoverage(matrix: KillMatrix): string {
  const contract = loadContract(matrix.edition);
  const { edition } = contract;
  const rows = scoringRows(contract);
  const known = new Set(rows.map(({ id }) => id));
  const checks = declaredChecks(contract.endpoint).filter(({ requirementIds }) =>
    requirementIds.some((id) => known.has(id)),
  );
  const lines = rows.map(({ id, level, title }) => {
    const own = checks.filter(({ requirementIds }) => requirementIds.includes(id)).length;
    const killers = matrix.faults.filter(({ killedBy }) => killedBy.some(({ requirement }) => requirement === id));
    const faults = killers.map((fault) => `\`${fault.id}\``).join(', ');
    return `| ${id} | ${level} | ${title.replaceAll('|', String.raw`\|`)} | ${own} | ${faults === '' ? '–' : faults} |`;
  });
  const counts = (['MUST', 'SHOULD', 'MAY'] as const)
    .map((level) => `${rows.filter((row) => row.level === level).length} ${level}`)
    .join(', ');
  return [
    '# Coverage: requirements, checks, faults',
    '',
    '<!-- Made by `npm run prove` from the contract, the checks and the kill matrix. Edits are lost. -->',
    '',
    `Edition ${edition.id}: ${rows.length} requirements (${counts}), ${checks.length} checks, ${matrix.faults.length} faults, ` +
      `${matrix.variants.length} variants. A fault stands beside the requirements that it breaks and whose checks catch it.`,
    'A MAY is observed and never fails, so no fault can break it.',
    '',
    '| requirement | level | what it says | checks | faults that it catches |',
    '| --- | --- | --- | ---: | --- |',
    ...lines,
    '',
    '## Where each gate is tried',
    '',
    'A gate that holds for one status, body or spelling need not hold for the next. Each row breaks one gate and nothing else; each',
    'column is a dimension in which the call differs from the documented one, and the entry says in how many of its values.',
    ...gateMatrices(
      contract.endpoint.groups.flatMap(({ cases }) => cases.filter((entry) => isOfEdition(entry, contract))),
    ).flatMap(tableOf),
    '',
  ].join('\n');
}

/** More values than these are counted, not named. */
const mostNamed = 12;

function tableOf({ gate, cells, dimensions, rows }: GateMatrix): readonly string[] {
  const heads = Array.from(dimensions, ([name, values]) =>
    values.length > mostNamed ? `${name} (${values.length})` : `${name}: ${values.join(', ')}`,
  );
  return [
    '',
    `### ${gate}: ${cells} cells`,
    '',
    `| broken by | ${heads.join(' | ')} |`,
    `| --- |${heads.map(() => ' --- |').join('')}`,
    ...rows.map(({ by, counts }) => {
      const entries = Array.from(dimensions, ([name, { length }]) => {
        const count = counts.get(name) ?? 0;
        return count === 0 ? '–' : count === length ? `all ${length}` : `${count} of ${length}`;
      });
      return `| ${by.join(', ')} | ${entries.join(' | ')} |`;
    }),
  ];
}
