import { loadContract } from '../src/cancel/contract.js';
import { knownEditions } from '../src/engine/contract/load.js';
import type { Contract } from '../src/engine/contract/types.js';
import { scoringRows } from '../src/engine/contract/rows.js';
import { differenceOf } from './edition-differences.js';

/** The page of the docs that is made from the editions, below the root of the package. */
export const editionsPage = 'docs/editions.md';

/** What each edition says, and what it makes of a target of each other one, as a page of the docs. */
export function renderEditions(): string {
  const contracts = knownEditions().map((id) => loadContract(id));
  const names = contracts.map(({ edition }) => edition.id);
  return [
    '# Editions',
    '',
    '<!-- Made by `npm run pages` from specs/editions and the cases. Edits are lost. -->',
    '',
    'The documentation page changed more than once. The suite knows every edition of it; `run --edition ID` or `edition:` in the',
    'target file chooses the one to judge by. What an edition demands is frozen: rows that the suite learns later run unscored there.',
    'Where a page contradicts itself, its edition has a reading for it ([readings.md](readings.md)); another one can be chosen.',
    '',
    '## What each says',
    '',
    "| edition | collections, the preferred first | suffices for an administrator | suffices for one's own request | body | success: prose, example | readings | rows: MUST, SHOULD, MAY |",
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...contracts.map(factsRow),
    '',
    '## A target of one edition, judged by another',
    '',
    'Each line is the embedded target of one edition (`serve --edition …`), each column the edition that it is judged by. A cell',
    'names the requirements that fail: those in which the two editions differ, and no others. Which those are is computed from the',
    'data of the editions; a self-test runs all of it and compares.',
    '',
    `| target of ↓, judged by → | ${names.join(' | ')} |`,
    `| --- | ${names.map(() => '---').join(' | ')} |`,
    ...contracts.map(
      (served) => `| ${[served.edition.id, ...contracts.map((judging) => cell(served, judging))].join(' | ')} |`,
    ),
    '',
    "An address is the target's own, not the edition's: the base URL says `/beta` or `/v1.0`, and where a target does not know the",
    'collection that an edition prefers, `--reading C-7=…` names the one that it has. "†": calls on which refusals rest as their',
    'control fail too, so these refusals cannot be told.',
    '',
  ].join('\n');
}

function factsRow(contract: Contract): string {
  const { id, api, collections, permissions, body, success, readings } = contract.edition;
  const levels = (['MUST', 'SHOULD', 'MAY'] as const).map((level) =>
    scoringRows(contract).filter((row) => row.level === level),
  );
  const rule =
    body.rule === 'none' ? 'none' : `a representation; without a role with ${body.requiredMembers.join(', ')}`;
  const cells = [
    id,
    `/${api} … ${collections.join(', ')}`,
    permissions.administrator.join(', '),
    permissions.own.join(', '),
    rule,
    `${success.proseStatus}, ${success.exampleStatus}`,
    Object.entries(readings)
      .map(([clause, reading]) => `${clause}=${reading}`)
      .join(', '),
    levels.map(({ length }) => length).join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}

function cell(served: Contract, judging: Contract): string {
  const { rows, leavesUntold } = differenceOf(served, judging);
  return rows.length === 0 ? 'conformant' : `${inRanges(rows)}${leavesUntold ? ' †' : ''}`;
}

/** Ids without their prefix, those that follow each other as a range: `STATE-001 to 004`. */
function inRanges(ids: readonly string[]): string {
  const runs: { readonly area: string; readonly first: string; last: string }[] = [];
  for (const id of ids) {
    const [, area = '', number = ''] = id.split('-');
    const run = runs.at(-1);
    if (run?.area === area && Number(run.last) + 1 === Number(number)) run.last = number;
    else runs.push({ area, first: number, last: number });
  }
  return runs.map(({ area, first, last }) => `${area}-${first}${first === last ? '' : ` to ${last}`}`).join(', ');
}
