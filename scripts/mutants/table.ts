import type { Tried } from './try.js';

/** What became of the mutants, by room, and each that survived. */
export function renderTried(tried: readonly Tried[]): string {
  const rooms = [...new Set(tried.map(({ room }) => room))];
  const rows = [
    ['room', 'mutants', 'killed', 'timed out', 'survived', 'rate'],
    ...rooms.map((name) =>
      rowOf(
        name,
        tried.filter(({ room }) => room === name),
      ),
    ),
    rowOf('all', tried),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  const survivors = tried
    .filter(({ state }) => state === 'survived')
    .map(({ site }) => `survived  ${site.file}:${site.line}  ${site.mutation}\n          ${site.text}`);
  return `${[...lines, ...(survivors.length > 0 ? ['', ...survivors] : [])].join('\n')}\n`;
}

/** What was timed out was killed, too; the rate counts both. */
function rowOf(name: string, tried: readonly Tried[]): readonly string[] {
  const count = (wanted: Tried['state']): number => tried.filter(({ state }) => state === wanted).length;
  const survived = count('survived');
  const rate = tried.length === 0 ? '-' : Math.floor((100 * (tried.length - survived)) / tried.length);
  const figures = [tried.length, count('killed'), count('timed out'), survived];
  return [name, ...figures.map(String), `${rate} %`];
}
