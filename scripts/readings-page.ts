import { loadContract } from '../src/cancel/contract.js';
import type { ContestedClause, Reading, RowReading } from '../src/engine/contract/types.js';
import { code, table } from './markdown.js';

/** The page of the docs that is made from the contested clauses, below the root of the package. */
export const readingsPage = 'docs/readings.md';

/** Every contested clause with its readings and what they make of requirements, as a page of the docs. */
export function renderReadings(): string {
  const { contested, endpoint } = loadContract();
  return [
    '# Contested clauses and their readings',
    '',
    '<!-- Made by `npm run pages` from specs/contested.yaml. Edits are lost. -->',
    '',
    'Where the sources disagree or are silent, each way to take them is a reading with a name. The first one stands when nobody chooses',
    'and the edition says nothing else. `run --reading C-8=404`, `CANCEL_READING` and `readings:` in the target file choose another;',
    '`judge --reading` does so for a finished run. The report says of each run what the other readings would have changed.',
    '',
    ...contested.flatMap((clause) => sectionOf(clause, clause.id === endpoint.collectionClause)),
  ].join('\n');
}

function sectionOf(clause: ContestedClause, isSent: boolean): readonly string[] {
  const { id, title, disagreement, readings, defaultReading, settled } = clause;
  const inOrder = readings.toSorted((a, b) => Number(b.name === defaultReading) - Number(a.name === defaultReading));
  return [
    `## ${id}: ${title}`,
    '',
    disagreement,
    '',
    ...(settled === undefined ? [] : [`Not to be chosen: ${settled}.`, '']),
    ...(isSent ? ['It decides what is sent, so a finished run cannot be judged by another one.', ''] : []),
    ...table(
      ['reading', 'meaning', 'what it makes of requirements'],
      inOrder.map((reading) => [code(reading.name), reading.meaning, effectOf(reading)]),
    ),
    '',
  ];
}

function effectOf({ rows = {}, successStatuses, unserved, byEdition }: Reading): string {
  const parts = [
    ...(byEdition ? ['chosen with the edition'] : []),
    ...(successStatuses ? [`a success is ${successStatuses.join(' or ')}`] : []),
    ...(unserved ? [`what rests on a success of ${unserved.join(', ')} does not apply where they are refused`] : []),
    ...Object.entries(rows).map(([id, row]) => `${id}: ${changeOf(row)}`),
  ];
  return parts.length === 0 ? 'nothing' : parts.join('; ');
}

function changeOf({ level, accepted, open }: RowReading): string {
  const parts = [
    ...(level === undefined ? [] : [level]),
    ...(accepted ? [`answered ${accepted.join(', ')}`] : []),
    ...(open === true ? ['not demanded'] : open ? [`not demanded of ${open.join(', ')}`] : []),
  ];
  return parts.join(', ');
}
