import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { appendRun, historyFor, readHistory } from '../../../../src/report/history/file.js';
import { renderHtml } from '../../../../src/report/html/page.js';
import type { Report } from '../../../../src/report/model.js';
import { renderJson } from '../../../../src/report/write.js';
import { fileNight } from '../../../../src/wings/nights/file-night.js';
import { expect, readReport } from '../../support/cli.js';
import { test } from '../../support/compared-runs.js';
import { onDay, partOf, settings } from '../../support/filed-nights.js';

/** Leaves a run as `run --history nights/history.jsonl --out …` does. */
async function leaveRun(out: string, nights: string, report: Report): Promise<void> {
  const file = path.join(nights, 'history.jsonl');
  const history = historyFor(readHistory(file), { file, target: report.target.name, folder: out });
  const kept: Report = { ...report, history };
  mkdirSync(out, { recursive: true });
  mkdirSync(nights, { recursive: true });
  writeFileSync(path.join(out, 'report.json'), renderJson(kept));
  writeFileSync(path.join(out, 'index.html'), renderHtml(kept));
  await appendRun(file, kept, out);
}

const pagesIn = (nights: string): readonly (string | undefined)[] =>
  readHistory(path.join(nights, 'history.jsonl')).map(({ run }) => run.page);

/** The ways that a page leads to others. */
const waysOf = (page: string): readonly string[] => {
  const ways = readFileSync(page, 'utf8').matchAll(/href="((?!#|http)[^"]+\.html)"/g);
  // The navigation leads to the latest one, too.
  return [...new Set(Array.from(ways, ([, way = '']) => way))];
};

test('a night that is filed is found where it lies, in the history and on its page, also when its run lay elsewhere', async ({
  runs,
  others,
  folder,
}) => {
  const nights = path.join(folder, 'nights');
  const outs = [path.join(nights, 'tonight'), path.join(nights, 'tonight'), path.join(folder, 'far', 'away')];
  for (const [at, report] of [runs.conformant, others.faulty, others.again].entries()) {
    const out = outs[at] ?? '';
    await leaveRun(out, nights, onDay(partOf(report), `2031-01-0${at + 1}`));
    await fileNight({ folder: nights, run: out, ...settings });
  }
  expect(pagesIn(nights)).toEqual(['2031-01-01', '2031-01-02', '2031-01-03'].map((day) => `${day}/index.html`));
  const page = path.join(nights, 'history.html');
  expect([...waysOf(page)].sort()).toEqual(pagesIn(nights));
  expect(readFileSync(page, 'utf8')).toContain('repaired');
  // From each page to those before it, and what they lead to is there.
  const last = path.join(nights, '2031-01-03');
  const toOthers = waysOf(path.join(last, 'index.html')).filter((way) => way.includes('/'));
  expect(toOthers).toEqual(['../2031-01-01/index.html', '../2031-01-02/index.html']);
  for (const way of toOthers) expect(existsSync(path.join(last, way)), way).toBe(true);
  expect(readFileSync(path.join(last, 'index.html'), 'utf8')).toBe(renderHtml(readReport(last)));
});

test('a night that is no longer kept is no link in the history, and one whose folder holds another run neither', async ({
  runs,
  folder,
}) => {
  const nights = path.join(folder, 'nights');
  for (const day of ['2031-01-01', '2031-01-02', '2031-01-03', '2031-01-04']) {
    const out = path.join(nights, 'tonight');
    await leaveRun(out, nights, onDay(partOf(runs.conformant), day));
    if (day === '2031-01-04') {
      rmSync(path.join(nights, '2031-01-01'), { recursive: true });
      rmSync(path.join(nights, '2031-01-02'), { recursive: true });
      renameSync(path.join(nights, '2031-01-03'), path.join(nights, '2031-01-02'));
      mkdirSync(path.join(nights, '2031-01-03'));
      renameSync(path.join(nights, '2031-01-02', 'report.json'), path.join(nights, '2031-01-03', 'report.json'));
    }
    await fileNight({ folder: nights, run: out, ...settings });
  }
  expect(waysOf(path.join(nights, 'history.html'))).toEqual(['2031-01-04/index.html']);
  expect(
    readFileSync(path.join(nights, 'history.html'), 'utf8').match(/its page no longer lies there<\/span>/g),
  ).toHaveLength(3);
});

test('a history that is none stops the night before anything is moved', async ({ runs, folder }) => {
  const nights = path.join(folder, 'nights');
  const out = path.join(nights, 'tonight');
  await leaveRun(out, nights, onDay(partOf(runs.conformant), '2031-01-01'));
  writeFileSync(path.join(nights, 'history.jsonl'), 'none\n');
  await expect(fileNight({ folder: nights, run: out, ...settings })).rejects.toThrow(/history\.jsonl:1: not JSON/);
  expect(existsSync(path.join(out, 'report.json'))).toBe(true);
  expect(existsSync(path.join(nights, 'nights.json'))).toBe(false);
});
