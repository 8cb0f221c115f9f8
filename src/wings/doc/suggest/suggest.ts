import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';
import type { Contract } from '../../../engine/contract/types.js';
import type { Report } from '../../../report/model.js';
import { visibleLines } from '../../../report/visible.js';
import { extractContract } from '../contract/extract.js';
import type { ParsedFiles } from '../examine.js';
import { edited, editsFor, type Edit } from './edits.js';
import { observedSuccess, type ObservedSuccess } from './observed.js';

/** A run as the reader knows it. */
export interface NamedReport {
  readonly name: string;
  readonly report: Report;
}

/** A correction of pages and of the interface description, from what a run saw. */
export interface Suggestion {
  readonly observed: ObservedSuccess;
  /** A unified diff over all pages; empty when they say what was seen. */
  readonly diff: string;
  /** What the diff changes, page by page. */
  readonly edits: readonly (Edit & { readonly file: string })[];
  /** An OpenAPI Overlay 1.0.0, as YAML. */
  readonly overlay: string;
}

/**
 * Proposes a correction.
 * @throws ConfigurationError when the run saw no success or several statuses, or a file is no page of the operation
 */
export function suggest({ pages, includes }: ParsedFiles, run: NamedReport, contract: Contract): Suggestion {
  const observed = observedSuccess(run.report, run.name);
  const changes = pages.map((page) => {
    const edits = editsFor({ page, contract: extractContract(page, includes), observed });
    return { page, edits };
  });
  return {
    observed,
    diff: changes.map(({ page, edits }) => (edits.length === 0 ? '' : diffOf(page.file, edits))).join(''),
    edits: changes.flatMap(({ page, edits }) => edits.map((edit) => ({ ...edit, file: page.file.name }))),
    overlay: overlayOf(observed, run.report, contract),
  };
}

/** For `patch -p1` and `git apply` in the folder from which the page was named. */
function diffOf({ name, text, hasMark }: ParsedFiles['pages'][number]['file'], edits: readonly Edit[]): string {
  const relative = name.replace(/^\/+/, '');
  const mark = hasMark ? '\ufeff' : '';
  const [before, after] = [mark + text, mark + edited(text, edits)];
  const patch = createTwoFilesPatch(`a/${relative}`, `b/${relative}`, before, after, undefined, undefined, {
    context: 3,
  });
  // The first line is a mark of another tool.
  return patch.replace(/^=+\r?\n/, '');
}

const overlayVersion = '1.0.0';

/** Keeps the status that was seen as the only success of the operation, with where it was seen. */
function overlayOf(observed: ObservedSuccess, { target, run, suite }: Report, { openapi }: Contract): string {
  const path = Object.keys(openapi.paths ?? {}).find((candidate) => candidate.endsWith('/cancel'));
  if (path === undefined) throw new Error('specs/openapi.yaml has no path of the action');
  const responses = `$.paths['${path}'].post.responses`;
  const declared = Object.keys(openapi.paths?.[path]?.post?.responses ?? {}).filter((status) => status.startsWith('2'));
  const status = String(observed.status);
  const seen = {
    target: target.name,
    edition: target.edition,
    run: run.id,
    exchange: observed.exchangeId,
    successes: observed.count,
  };
  const description = 'Cancelled, as seen by a conformance run.';
  const overlay = {
    overlay: overlayVersion,
    info: { title: `Success status of cancel as seen on ${target.name}`, version: suite.version },
    actions: [
      {
        target: responses,
        description: `Every success of the run was answered with ${status}.`,
        update: { [status]: { ...(declared.includes(status) ? {} : { description }), 'x-observed': seen } },
      },
      ...declared
        .filter((other) => other !== status)
        .map((other) => ({ target: `${responses}['${other}']`, description: 'Never seen in the run.', remove: true })),
    ],
  };
  return visibleLines(stringify(overlay, { lineWidth: 0 }));
}
