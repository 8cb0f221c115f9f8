import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../src/engine/package.js';

const execute = promisify(execFile);

/** From an empty folder to the first report, in milliseconds. */
export interface FirstReport {
  /** npm's part, which asks its registry and its cache. */
  readonly installMs: number;
  /** The run, by the installed command. */
  readonly runMs: number;
}

/**
 * Installs the packed package into an empty folder, writes a target file, runs.
 * @returns null where the registry cannot be reached
 * @throws Error when the run fails or leaves no report
 */
export async function measureFirstReport(): Promise<FirstReport | null> {
  const place = mkdtempSync(path.join(tmpdir(), 'cancel-conformance-first-'));
  const project = path.join(place, 'project');
  mkdirSync(project);
  try {
    const packed = await execute('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', place], {
      cwd: packageRoot,
    });
    const [{ filename } = { filename: '' }] = JSON.parse(packed.stdout) as readonly { readonly filename: string }[];
    const begin = performance.now();
    try {
      await execute('npm', ['install', '--no-audit', '--no-fund', path.join(place, filename)], { cwd: project });
    } catch {
      return null;
    }
    const installed = performance.now();
    writeFileSync(path.join(project, 'target.yaml'), 'name: first\nembedded: {}\n');
    await execute('npx', ['cancel-conformance', 'run', '--target', 'target.yaml'], { cwd: project });
    const runMs = Math.round(performance.now() - installed);
    if (!existsSync(path.join(project, 'reports', 'index.html'))) throw new Error('the first run left no report');
    return { installMs: Math.round(installed - begin), runMs };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
