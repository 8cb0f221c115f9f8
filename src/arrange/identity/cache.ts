import { rmSync, statSync, writeFileSync } from 'node:fs';
import type { ICachePlugin, TokenCacheContext } from '@azure/msal-node';
import { ConfigurationError } from '../../engine/errors.js';
import { readText, writeWhole } from '../../engine/files.js';
import { systemClock } from '../../engine/patience.js';

const format = 'cancel-conformance-tokens/1';

/** What is kept for one persona: the sign-in library's own state, and a few words of ours that it leaves alone. */
type Part = Readonly<Record<string, unknown>>;

interface CacheContent {
  readonly format: typeof format;
  readonly parts: Readonly<Record<string, Part>>;
}

/** Rights of anybody but the owner. */
const othersMask = 0o077;

/** A lock that is older than this is left over from a process that was ended, in milliseconds; holding it takes far less. */
const staleLockMs = 10_000;
const lockPollMs = 20;

interface CacheSettings {
  /** The file; several personas and several target files may share it. */
  readonly file: string;
  /** Under which name the part is kept. */
  readonly key: string;
  /** Told of every token in the part, by the name of its kind, before anybody uses it. */
  readonly register: (secret: string, kind: string) => void;
}

/** The kinds of tokens in the library's state, and what they are called. */
const tokenKinds = { AccessToken: 'token', RefreshToken: 'refresh-token', IdToken: 'id-token' } as const;

/**
 * Keeps tokens between runs: one file that its owner alone may read, written anew as a whole each time. A write reads what
 * other processes wrote in the meantime and replaces its own part only, under a lock.
 */
export class TokenCache implements ICachePlugin {
  readonly #settings: CacheSettings;
  readonly #note: Part;
  #fresh: boolean;

  /**
   * @param note kept beside the library's state; a part with another note is not used
   * @throws ConfigurationError when others may read the file, or when it is no token cache
   */
  constructor(settings: CacheSettings, note: Part = {}) {
    this.#settings = settings;
    this.#note = note;
    const part = this.#read().parts[settings.key];
    this.#fresh = part === undefined || Object.entries(note).some(([name, value]) => part[name] !== value);
  }

  /** Whether nothing is kept yet that may be used. */
  get isEmpty(): boolean {
    return this.#fresh;
  }

  /** What is kept now and may be used, whoever wrote it; null when nothing is. */
  content(): string | null {
    const part = this.#fresh ? undefined : this.#read().parts[this.#settings.key];
    return part === undefined ? null : JSON.stringify(part);
  }

  /** Leaves aside what is kept: the next write replaces it. */
  forget(): void {
    this.#fresh = true;
  }

  beforeCacheAccess = (context: TokenCacheContext): Promise<void> => {
    const part = this.#fresh ? undefined : this.#read().parts[this.#settings.key];
    if (part !== undefined) context.tokenCache.deserialize(JSON.stringify(part));
    return Promise.resolve();
  };

  afterCacheAccess = async (context: TokenCacheContext): Promise<void> => {
    if (!context.cacheHasChanged) return;
    const part = { ...(JSON.parse(context.tokenCache.serialize()) as Part), ...this.#note };
    this.#registerAll(part);
    await this.#locked(() => {
      const content = this.#read();
      const { [this.#settings.key]: known } = content.parts;
      // The library drops a refresh token that was refused: what another process got in its place is not to go with it.
      const isDropped = !this.#fresh && membersOf(part, 'RefreshToken') === 0 && membersOf(known, 'RefreshToken') > 0;
      const kept = isDropped ? { ...part, RefreshToken: known?.['RefreshToken'] } : part;
      this.#write({ format, parts: { ...content.parts, [this.#settings.key]: kept } });
    });
    this.#fresh = false;
  };

  #registerAll(part: Part): void {
    for (const [member, kind] of Object.entries(tokenKinds)) {
      for (const entity of Object.values(part[member] ?? {}) as readonly { readonly secret?: unknown }[]) {
        if (typeof entity.secret === 'string') this.#settings.register(entity.secret, kind);
      }
    }
  }

  #read(): CacheContent {
    const { file } = this.#settings;
    const text = readPrivate(file);
    if (text === null) return { format, parts: {} };
    const content = asContent(text);
    if (content === null) {
      throw new ConfigurationError(`${file}: is no token cache of this suite; name another file, or remove it`);
    }
    Object.values(content.parts).forEach((part) => {
      this.#registerAll(part);
    });
    return content;
  }

  #write(content: CacheContent): void {
    const { file } = this.#settings;
    try {
      writeWhole(file, JSON.stringify(content), { mode: 0o600, flush: true });
    } catch (cause) {
      throw unusable(file, cause);
    }
  }

  async #locked(work: () => void): Promise<void> {
    const lock = `${this.#settings.file}.lock`;
    while (!takeLock(lock, this.#settings.file)) await systemClock.pause(lockPollMs);
    try {
      work();
    } finally {
      rmSync(lock, { force: true });
    }
  }
}

/** How many entries a section of a part has. */
const membersOf = (part: Part | undefined, section: string): number => Object.keys(part?.[section] ?? {}).length;

/** The text of a file that its owner alone may read; null when there is none. */
function readPrivate(file: string): string | null {
  try {
    const mode = statSync(file).mode & 0o777;
    // Windows has no such bits: there it is the folder that keeps others out.
    if (process.platform !== 'win32' && (mode & othersMask) !== 0) {
      throw new ConfigurationError(
        `${file}: others than its owner may use it (mode ${mode.toString(8)}), and it holds tokens; say chmod 600 ${file}`,
      );
    }
    return readText(file, { what: 'a token cache' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause instanceof ConfigurationError ? cause : unusable(file, cause);
  }
}

const unusable = (file: string, cause: unknown): ConfigurationError => {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  const why = code === 'ENOENT' ? 'its folder does not exist' : `it cannot be used (${code})`;
  return new ConfigurationError(`${file}: tokens cannot be kept there: ${why}`, { cause });
};

function asContent(text: string): CacheContent | null {
  try {
    const content = JSON.parse(text) as Partial<CacheContent> | null;
    const parts: unknown = content?.parts;
    if (content?.format !== format || typeof parts !== 'object' || parts === null) return null;
    return Object.values(parts).every((part) => typeof part === 'object' && part !== null)
      ? (content as CacheContent)
      : null;
  } catch {
    return null;
  }
}

/** Whether the lock is ours now; one that was left over is removed. */
function takeLock(lock: string, file: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { mode: 0o600, flag: 'wx' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(file, cause);
  }
  try {
    if (Date.now() - statSync(lock).mtimeMs > staleLockMs) rmSync(lock, { force: true });
  } catch {
    // It is gone already.
  }
  return false;
}
