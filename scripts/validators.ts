import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import standalone from 'ajv/dist/standalone/index.js';
import { writeWhole } from '../src/engine/files.js';
import { packageRoot } from '../src/engine/package.js';
import {
  builtValidatorFile,
  hashOfSchema,
  readSchema,
  schemaCompiler,
  type SchemaName,
} from '../src/engine/contract/schemas.js';

const suffix = '.schema.json';

/** Part of the build: leaves a validator of every schema, so that a start need neither load nor run the compiler. */
export function buildValidators(): void {
  for (const name of schemaNames()) {
    const text = readSchema(name);
    const ajv = schemaCompiler(name, { source: true });
    const code = standalone.default(ajv, ajv.compile(JSON.parse(text) as object));
    const file = builtValidatorFile(name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeWhole(file, `${code}\nmodule.exports.schemaHash = '${hashOfSchema(text)}';\n`);
  }
}

function schemaNames(): readonly SchemaName[] {
  return (['wire', 'suite'] as const).flatMap((folder) =>
    readdirSync(path.join(packageRoot, 'schemas', folder))
      .filter((file) => file.endsWith(suffix))
      .map((file) => `${folder}/${file.slice(0, -suffix.length)}` as const),
  );
}
