import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build as bundle, type Plugin } from 'esbuild';
import { writeWhole } from '../src/engine/files.js';
import { builtValidatorFile, type SchemaName } from '../src/engine/contract/schemas.js';
import { packageRoot, packageVersion } from '../src/engine/package.js';
import { builtScript } from '../src/report/html/script.js';

/** Schemas that judging asks. */
const asked: readonly SchemaName[] = ['wire/error', 'wire/cancel-body'];

/** What stands in a page for modules that need the platform. */
const standIns: Readonly<Record<string, string>> = {
  'engine/contract/schemas.js': `
    ${asked.map((name, at) => `import v${at} from ${JSON.stringify(builtValidatorFile(name))};`).join('\n')}
    const validators = { ${asked.map((name, at) => `${JSON.stringify(name)}: v${at}`).join(', ')} };
    export const schemaValidator = (name) => validators[name];`,
  'engine/package.js': `
    export const packageVersion = () => ${JSON.stringify(packageVersion())};
    export const packageRoot = '';`,
  'node:crypto': `
    import { sha256 } from '@noble/hashes/sha2.js';
    import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
    class Hash {
      #hash = sha256.create();
      update(text) { this.#hash.update(utf8ToBytes(text)); return this; }
      digest() { return bytesToHex(this.#hash.digest()); }
    }
    export const createHash = () => new Hash();`,
  'page:Buffer': `export { Buffer } from 'buffer/';`,
  'node:zlib': `export const gzipSync = () => { throw new Error('nothing is sent from a page'); };`,
  'node:util': `export { default as isDeepStrictEqual } from 'fast-deep-equal';`,
};

/** Modules of the platform that only what a page does not do needs: a name of theirs that is used after all is an error of the build. */
const absent = /^node:/;

const forPages: Plugin = {
  name: 'for pages',
  setup(build) {
    build.onResolve({ filter: /^page:/ }, ({ path: name }) => ({ path: name, namespace: 'stand-in' }));
    build.onResolve({ filter: /^node:(crypto|util|zlib)$/ }, ({ path: name }) => ({
      path: name,
      namespace: 'stand-in',
    }));
    build.onResolve({ filter: absent }, ({ path: name }) => ({ path: name, namespace: 'absent', sideEffects: false }));
    build.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
    build.onResolve({ filter: /(schemas|package)\.js$/ }, ({ path: name, resolveDir }) => {
      const module = path.relative(path.join(packageRoot, 'dist', 'src'), path.resolve(resolveDir, name));
      return module in standIns ? { path: module, namespace: 'stand-in' } : null;
    });
    build.onLoad({ filter: /.*/, namespace: 'stand-in' }, ({ path: name }) => ({
      contents: standIns[name] ?? '',
      resolveDir: packageRoot,
    }));
  },
};

/** Part of the build: one script of the pure judge and all that it needs, and of what has it judge. */
export async function buildPageJudge(): Promise<void> {
  const { outputFiles, metafile } = await bundle({
    entryPoints: [path.join(packageRoot, 'dist', 'src', 'wings', 'rejudge', 'in-page.js')],
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    write: false,
    metafile: true,
    inject: ['page:Buffer'],
    plugins: [forPages],
    logLevel: 'warning',
  });
  const [output] = Object.values(metafile.outputs);
  const used = Object.entries(output?.inputs ?? {}).filter(
    ([module, { bytesInOutput }]) => module.startsWith('absent:') && bytesInOutput > 0,
  );
  if (used.length > 0)
    throw new Error(
      `the judge in a page would need ${used.map(([module]) => module.slice('absent:'.length)).join(', ')}`,
    );
  writeWhole(builtScript('judge'), `${outputFiles[0]?.text ?? ''}${readFileSync(builtScript('judge-page'), 'utf8')}`);
}
