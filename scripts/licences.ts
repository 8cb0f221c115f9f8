/** What `package-lock.json` holds, as far as licences are concerned. */
export interface Lockfile {
  /** By folder; the package itself is the empty one. */
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  /** True when only development needs it. */
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

/** What users get with the package may be used by anybody for anything, and asks for nothing but its notice. */
const forUsers = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0'];

/** What only development needs is not handed on, so weak copyleft does no harm there. */
const forDevelopment = [...forUsers, 'MPL-2.0', 'PSF-2.0', 'Python-2.0', 'CC0-1.0', 'CC-BY-4.0', 'Unlicense'];

/** Old packages that state their licence where the lock file does not look: this one in the member `licenses`. */
const statedElsewhere: Readonly<Record<string, string>> = { 'format@0.2.2': 'MIT' };

/**
 * Holds the licence of every dependency against what is allowed. Pure.
 * @returns one message for each dependency whose licence is missing or not allowed
 */
export function licenceProblems({ packages }: Lockfile): readonly string[] {
  return Object.entries(packages).flatMap(([folder, locked]) => {
    if (folder === '') return [];
    const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const { version = '?', dev, devOptional } = locked;
    const license = locked.license ?? statedElsewhere[`${name}@${version}`];
    const isForUsers = dev !== true && devOptional !== true;
    if (license === undefined) return [`${name}@${version}: no licence is stated`];
    if (isAllowed(license, isForUsers ? forUsers : forDevelopment)) return [];
    return [
      `${name}@${version}: the licence ${license} is not allowed for ${isForUsers ? 'what users get' : 'development'}`,
    ];
  });
}

/** An SPDX expression without exceptions: of alternatives one is enough, of what is joined each is needed. */
function isAllowed(expression: string, allowed: readonly string[]): boolean {
  const alternatives = expression.replaceAll(/[()]/g, '').split(' OR ');
  return alternatives.some((alternative) => alternative.split(' AND ').every((id) => allowed.includes(id.trim())));
}
