import { statSync } from 'node:fs';
import type { ICachePlugin, TokenCacheContext } from '@azure/msal-node';
import { bounds, excessOf } from '../../engine/bounds.js';
import { ConfigurationError, PrerequisiteError } from '../../engine/errors.js';
import { readText, writeWhole } from '../../engine/files.js';
import { systemClock, type Clock } from '../../engine/patience.js';
import { shellText } from '../../engine/shell.js';
import {
  cacheFormat as format,
  isPart,
  noCache,
  parseContent,
  tokenKinds,
  type CacheContent,
  type Part,
} from './cache-content.js';
import { underLock, unusable } from './cache-lock.js';

/** Rights of anybody but the owner. */
const othersMask = 0o077;

interface CacheSettings {
  /** The file; several personas and several target files may share it. */
  readonly file: string;
  /** Under which name the part is kept. */
  readonly key: string;
  /** Told of every token in the part, by the name of its kind, before anybody uses it. */
  readonly register: (secret: string, kind: string) => void;
  /** Measures how long other processes are waited for; default: one that is never stopped. */
  readonly clock?: Clock;
}

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
    if (part !== undefined)
      this.#tried(() => {
        context.tokenCache.deserialize(JSON.stringify(part));
      });
    return Promise.resolve();
  };

  afterCacheAccess = async (context: TokenCacheContext): Promise<void> => {
    if (!context.cacheHasChanged) return;
    const part = this.#tried(() => ({ ...(JSON.parse(context.tokenCache.serialize()) as Part), ...this.#note }));
    const { file, clock = systemClock } = this.#settings;
    // Whoever reads the file next would refuse all of it.
    if (!isPart(part)) {
      throw new PrerequisiteError(
        `${file}: what the identity platform says of the one who signed in cannot be kept there, for it is no text where a name is expected; nothing was kept`,
      );
    }
    this.#registerAll(part);
    const work = (): void => {
      const content = this.#read();
      const { [this.#settings.key]: known } = content.parts;
      // The library drops a refresh token that was refused: what another process got in its place is not to go with it.
      const isDropped = !this.#fresh && membersOf(part, 'RefreshToken') === 0 && membersOf(known, 'RefreshToken') > 0;
      const kept = isDropped ? { ...part, RefreshToken: known?.['RefreshToken'] } : part;
      this.#write({ format, parts: { ...content.parts, [this.#settings.key]: kept } });
    };
    await underLock(file, work, clock);
    this.#fresh = false;
  };

  /** Says that the library could not read what is kept. */
  unreadable(): ConfigurationError {
    return noCache(this.#settings.file);
  }

  /** What the library makes of what is kept: where it fails, that is what it was given. */
  #tried<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw this.#fresh ? cause : this.unreadable();
    }
  }

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
    const content = parseContent(text, file);
    Object.values(content.parts).forEach((part) => {
      this.#registerAll(part);
    });
    return content;
  }

  #write(content: CacheContent): void {
    const { file } = this.#settings;
    const text = JSON.stringify(content);
    const isTooMuch = Buffer.byteLength(text) > bounds.tokenCache.bytes || excessOf(text, bounds.tokenCache) !== null;
    if (isTooMuch) {
      throw new ConfigurationError(
        `${file}: holds so many tokens that no more can be kept there; name another file, or remove it`,
      );
    }
    try {
      writeWhole(file, text, { mode: 0o600, flush: true });
    } catch (cause) {
      throw unusable(file, cause);
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
        `${file}: others than its owner may use it (mode ${mode.toString(8)}), and it holds tokens; say chmod 600 ${shellText(file)}`,
      );
    }
    return readText(file, {
      what: 'a token cache',
      advice: 'it is no token cache of this suite; name another file, or remove it',
      capBytes: bounds.tokenCache.bytes,
    });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause instanceof ConfigurationError ? cause : unusable(file, cause);
  }
}
