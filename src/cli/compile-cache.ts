import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Keeps compiled code from run to run, where the platform can (Node.js 22.1 or newer): compiling the test runner is a tenth of
 * a run, in each of its processes. In a folder of the user's own and not in a shared temporary one: what is kept is carried out.
 * Where it cannot be written nothing changes, and NODE_DISABLE_COMPILE_CACHE=1 turns it off.
 * @param platform the module `node:module`
 */
export function keepCompiledCode(platform: object): void {
  const enable: unknown = Reflect.get(platform, 'enableCompileCache');
  if (typeof enable !== 'function' || process.env['NODE_COMPILE_CACHE'] !== undefined) return;
  const folder = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'cancel-conformance');
  Reflect.apply(enable, platform, [folder]);
  // The workers of a run take it from here.
  process.env['NODE_COMPILE_CACHE'] = folder;
}
