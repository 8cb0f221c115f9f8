import { stringify } from 'yaml';
import { visibleLines } from '../../../report/visible.js';
import { renderJson } from '../../../report/write.js';
import type { DocReport } from '../model.js';
import { renderDocSarif } from './sarif.js';

/** The formats for other programs. The contract comes first for people, as YAML; JSON has a published schema. */
export const renderers = {
  yaml: (report: DocReport): string =>
    visibleLines(stringify(report, { lineWidth: 120, aliasDuplicateObjects: false })),
  json: renderJson,
  sarif: renderDocSarif,
} as const satisfies Readonly<Record<string, (report: DocReport) => string>>;

export type DocFormat = keyof typeof renderers;

/** Every format as a file: name and content. */
export const docFiles = (report: DocReport): Readonly<Record<string, string>> => ({
  'doc.yaml': renderers.yaml(report),
  'doc.json': renderers.json(report),
  'doc.sarif': renderers.sarif(report),
});
