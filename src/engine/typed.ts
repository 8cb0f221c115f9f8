import path from 'node:path';
import { shellText } from './shell.js';

/**
 * The words that start this command again in the same folder, the way its user did: what is printed is to work as it stands.
 * @param started the main module as the platform was given it, an absolute path, and the working directory
 */
export function typedCommand([, started = '']: readonly string[] = process.argv, folder = process.cwd()): string {
  if (path.basename(started) === 'main.js') return `node ${shellText(path.relative(folder, started))}`;
  // Below node_modules, which no search path holds: by npx, or by a script of npm.
  return path.basename(path.dirname(started)) === '.bin' ? 'npx cancel-conformance' : 'cancel-conformance';
}

/**
 * The command where it is read elsewhere than it was started, as in reports, and has to stay the same from run to run: what is installed
 * there, and nothing that would be fetched by its name.
 */
export const installedCommand = 'npx --no cancel-conformance';
