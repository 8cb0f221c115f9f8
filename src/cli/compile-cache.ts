import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Keeps compiled code from run to run, where the platform can (Node.js 22.1 or newer): it saves about a tenth of a run. In a folder of the user's own and not in a shared temporary one: what is kept is carried out. Where there is
 * none, or it cannot be written, nothing changes, and NODE_DISABLE_COMPILE_CACHE=1 turns it off.
 * @param platform the module `node:module`
 */
export function keepCompiledCode(platform: object): void {
  const enable: unknown = Reflect.get(platform, 'enableCompileCache');
  const home = cacheHome();
  if (typeof enable !== 'function' || home === null || process.env['NODE_COMPILE_CACHE'] !== undefined) return;
  Reflect.apply(enable, platform, [path.join(home, 'cancel-conformance')]);
}

/** Where the user keeps what can be lost; a relative path is none, by the standard that names the variable. */
function cacheHome(): string | null {
  const chosen = process.env['XDG_CACHE_HOME'] ?? '';
  const home = path.isAbsolute(chosen) ? chosen : path.join(userHome(), '.cache');
  return path.isAbsolute(home) ? home : null;
}

/** Empty where a user has none, as in a container that runs under a number without a name. */
function userHome(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}
