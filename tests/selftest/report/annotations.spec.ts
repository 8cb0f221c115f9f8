import { outputsOf, renderAnnotations, renderOutputs } from '../../../src/report/annotations.js';
import { pipelines } from '../../../src/report/pipelines.js';
import type { Report } from '../../../src/report/model.js';
import { expect } from '../support/cli.js';
import { hostileText, test } from '../support/finished-runs.js';

const failingAll = (report: Report): Report => ({
  ...report,
  requirements: report.requirements.map((row) => ({ ...row, verdict: 'failed' as const })),
});

for (const pipeline of pipelines) {
  test.describe(`annotations for ${pipeline}`, () => {
    test('are one command in one line each, whatever a target says', ({ runs }) => {
      const lines = renderAnnotations(runs.hostile, pipeline);
      expect(lines).not.toEqual([]);
      const start = { github: '::error title=', azure: '##vso[task.logissue type=error]' }[pipeline];
      for (const line of lines) {
        expect(line.startsWith(start)).toBe(true);
        expect(line.slice(start.length)).not.toMatch(/##|\p{Cc}|\u2028/u);
      }
      // The text is there, escaped.
      expect(hostileText).toContain('alert(1)');
      expect(lines.join('\n')).toContain('alert(1)');
    });

    test('are none for a run without failures, and an error for one that could not tell', ({ runs }) => {
      expect(renderAnnotations(runs.conformant, pipeline)).toEqual([]);
      expect(renderAnnotations(runs.incomplete, pipeline)).toEqual([expect.stringContaining('incomplete')]);
      expect(renderAnnotations(runs.waived, pipeline)).toEqual([]);
    });

    test('are at most ten of each severity, the last one naming the rest', ({ runs }) => {
      const all = failingAll(runs.nonconformant);
      const lines = renderAnnotations(all, pipeline);
      const severities = { github: ['::error', '::warning'], azure: ['type=error', 'type=warning'] }[pipeline];
      for (const severity of severities) expect(lines.filter((line) => line.includes(severity))).toHaveLength(10);
      const decisive = all.requirements.filter(({ level }) => level !== 'MAY');
      expect(decisive.filter(({ id }) => !lines.join('\n').includes(id))).toEqual([]);
    });
  });
}

test('outputs are the outcome and both shares in percent', ({ runs }) => {
  const { provable, proven } = runs.nonconformant;
  const outputs = outputsOf(runs.nonconformant);
  expect(outputs).toEqual({
    outcome: 'nonconformant',
    provable: String(provable.percent),
    proven: String(proven.percent),
  });
  expect(renderOutputs(outputs, 'github')[0]).toBe('outcome=nonconformant');
  expect(renderOutputs({ path: 'a;b]c' }, 'azure')).toEqual([
    '##vso[task.setvariable variable=path;isOutput=true]a%3Bb%5Dc',
  ]);
});

test('stand at the line of the file that describes the target, and say how to see it again', ({ runs }) => {
  const { target } = runs.nonconformant;
  const configuration = { ...target.configuration, target: 'my targets/a,b.yaml (flag)' };
  const named = {
    ...runs.nonconformant,
    target: { ...target, configuration, at: { file: 'my targets/a,b.yaml', line: 3 } },
  };
  const again = "npx --no cancel-conformance run --target 'my targets/a,b.yaml' --only CANCEL-RESP-002";
  const [github = ''] = renderAnnotations(named, 'github');
  expect(github).toMatch(/^::error file=my targets\/a%2Cb\.yaml,line=3,title=CANCEL-RESP-002 /);
  expect(github).toContain(`%0AAgain: ${again}`);
  const [azure = ''] = renderAnnotations(named, 'azure');
  expect(azure).toMatch(/^##vso\[task\.logissue type=error;sourcepath=my targets\/a,b\.yaml;linenumber=3\]/);
  expect(renderAnnotations(runs.nonconformant, 'github')[0]).not.toContain('file=');
});
