import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError, suggestion } from '../../../engine/errors.js';
import { readDataFile } from '../../../engine/data-file.js';
import { packageRoot } from '../../../engine/package.js';
import { loadContract } from '../../../cancel/contract.js';
import { assertMatches } from '../../../engine/contract/schemas.js';
import type { Unit } from '../page/units.js';

/** Whose a unit is. */
export type Owner =
  | { readonly requirements: readonly string[] }
  /** Normative, and judged by no requirement: why. */
  | { readonly exclusion: string }
  /** Not normative: what it is instead. */
  | { readonly informative: string };

/** One row of an ownership file. */
type Row = Owner & Pick<Unit, 'section' | 'sha256'> & { readonly segment?: string };

/** Owners by section, segment and hash of a unit. */
export type Ownership = ReadonlyMap<string, Owner>;

const shipped = path.join(packageRoot, 'ownership');

/**
 * The owners of the units of all known pages, and of those in the given files, which win.
 * @throws ConfigurationError that names file and line: unreadable, not as the schema has it, an unknown requirement
 */
export function loadOwnership(files: readonly string[]): Ownership {
  const known = readdirSync(shipped)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => path.join(shipped, name));
  const requirements = loadContract().requirements.map(({ id }) => id);
  return new Map([...known, ...files].flatMap((file) => read(file, requirements)));
}

function read(file: string, requirements: readonly string[]): readonly (readonly [string, Owner])[] {
  const data = readDataFile(file, { what: 'an ownership file', piped: true });
  assertMatches(data, 'suite/doc-ownership');
  const { units } = data.value as { readonly units: readonly Row[] };
  return units.map((row, index) => {
    const unknown = 'requirements' in row ? row.requirements.find((id) => !requirements.includes(id)) : undefined;
    if (unknown !== undefined) {
      const where = data.locate(['units', index, 'requirements']);
      throw new ConfigurationError(`${where}: no requirement ${unknown}${suggestion(unknown, requirements)}`);
    }
    return [keyOf({ segment: null, ...row }), row];
  });
}

const keyOf = ({ section, segment, sha256 }: Pick<Unit, 'section' | 'segment' | 'sha256'>): string =>
  [section, segment ?? '', sha256].join(' ');

/** The owner of a unit; null: nobody owns it, because it is new or was changed. */
export const ownerOf = (unit: Unit, ownership: Ownership): Owner | null => ownership.get(keyOf(unit)) ?? null;
