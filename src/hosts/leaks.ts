import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { SecretHit, SecretRegistry } from '../engine/evidence/secrets.js';
import { withoutScripts } from '../report/html/script.js';

/**
 * Searches files for every known secret in every form and removes each file that holds one.
 * @returns one message per removed file: which file, which secret (by name), what to do
 */
export function removeLeaks(files: readonly string[], secrets: SecretRegistry): readonly string[] {
  const hits = new Map<string, SecretHit>();
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    // Its words are the suite's own, and a secret may be one of them.
    const [hit] = secrets.find(file.endsWith('.html') ? withoutScripts(text) : text);
    if (hit) hits.set(file, hit);
    // A page carries the report, deflated, where nothing finds it.
    const page = path.join(path.dirname(file), 'index.html');
    if (hit && path.basename(file) === 'report.json' && files.includes(page)) hits.set(page, hit);
  }
  for (const file of hits.keys()) rmSync(file, { force: true });
  return [...hits].map(([file, hit]) => heldSecret(file, hit));
}

/** What is said of a file that was removed for a secret. */
const heldSecret = (file: string, { name }: SecretHit): string =>
  `${file} held the secret ${name} and was removed. This is a fault of the suite; please report it.`;
