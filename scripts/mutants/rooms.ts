import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError } from '../../src/engine/errors.js';
import type { Options } from './options.js';
import type { Picked, SitesByRoom } from './pick.js';
import { sitesIn, type Site } from './sites.js';

/** Made from schemas, or for a browser: neither is what the self-tests import. */
const leftOut = /^src\/(?:engine\/models|report\/client)\//;

/** Every site of src. */
export function allSites(root: string): readonly Site[] {
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => `src/${name.replaceAll(path.sep, '/')}`)
    .filter((file) => file.endsWith('.ts') && !leftOut.test(file))
    .sort();
  return files.flatMap((file) => sitesIn(file, readFileSync(path.join(root, file), 'utf8')));
}

/** @throws ConfigurationError for a room without sites */
export function byRoom(sites: Iterable<Site>, rooms: readonly string[]): SitesByRoom {
  const all = [...sites];
  return new Map(
    rooms.map((room) => {
      const within = all.filter(({ file }) => file.startsWith(`src/${room}/`));
      if (within.length === 0)
        throw new ConfigurationError(`--rooms ${room}: nothing below src/${room} can be mutated`);
      return [room, within];
    }),
  );
}

/**
 * Every mutant of one line, whether it is listed as equivalent or not.
 * @throws ConfigurationError when there is none
 */
export function onLine(sites: readonly Site[], { file, line }: NonNullable<Options['only']>, root: string): Picked[] {
  const found = sites.filter((site) => site.file === file && site.line === line);
  if (found.length > 0) return found.map((site) => ({ room: path.posix.dirname(file).slice('src/'.length), site }));
  const why = existsSync(path.join(root, file)) ? 'nothing on this line can be mutated' : 'there is no such file';
  throw new ConfigurationError(`--only ${file}:${line}: ${why}`);
}
