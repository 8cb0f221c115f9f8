import { readFileSync, rmSync } from 'node:fs';
import type { SecretHit, SecretRegistry } from '../engine/evidence/secrets.js';
import { withoutScripts } from '../report/html/script.js';

/**
 * Searches files for every known secret in every form and removes each file that holds one.
 * @returns one message per removed file: which file, which secret (by name), what to do
 */
export function removeLeaks(files: readonly string[], secrets: SecretRegistry): readonly string[] {
  return files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    // Its words are the suite's own, and a secret may be one of them.
    const [hit] = secrets.find(file.endsWith('.html') ? withoutScripts(text) : text);
    if (!hit) return [];
    rmSync(file, { force: true });
    return [heldSecret(file, hit)];
  });
}

/** What is said of a file that was removed for a secret. */
const heldSecret = (file: string, { name }: SecretHit): string =>
  `${file} held the secret ${name} and was removed. This is a fault of the suite; please report it.`;
