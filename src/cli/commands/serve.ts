import { once } from 'node:events';
import { ConfigurationError } from '../../engine/errors.js';
import { loadContract } from '../../cancel/contract.js';
import { startEmbedded, type EmbeddedOptions } from '../../emulators/endpoint/server.js';
import { alterationOf } from '../../emulators/endpoint/named.js';
import { defaultKeyEnv } from '../../target/control-key.js';
import { exitCodes } from '../../engine/verdict/outcome.js';
import type { Io } from '../../hosts/io.js';
import { typedCommand } from '../../engine/typed.js';
import { readWhole } from '../flags.js';
import { refuseTenantFlags, serveTenant, type Serving, type TenantFlags } from './serve-tenant.js';

export interface ServeFlags extends TenantFlags {
  readonly port: string;
  readonly host?: readonly string[];
  readonly edition?: string;
  readonly fault?: readonly string[];
  readonly variant?: string;
}

const highestPort = 65_535;

/** `serve`: the embedded target as a server of its own. */
export async function serve({ stdout }: Io, flags: ServeFlags): Promise<number> {
  const server = await startServing(flags);
  // Before anybody is told that it runs: whoever stops it then is heard.
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  stdout.write([...server.lines, 'Stop with Ctrl-C.', ''].join('\n'));
  await stopped;
  await server.close();
  return exitCodes.conformant;
}

/**
 * Starts what `serve` was asked for.
 * @throws ConfigurationError when its options are wrong, or nobody can listen at its port
 */
export async function startServing(flags: ServeFlags): Promise<Serving> {
  const port = readWhole('--port', flags.port, [0, highestPort]);
  const { edition } = loadContract(flags.edition);
  const key = process.env[defaultKeyEnv] ?? '';
  const options = {
    edition,
    port,
    hosts: flags.host,
    controlKey: key === '' ? undefined : key,
    ...alterationOf(flags),
  };
  return (flags.tenant === true ? serveTenant(options, flags) : serveEmbedded(options, flags)).catch(
    (cause: unknown) => {
      if (cause instanceof ConfigurationError) throw cause;
      const reason = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'it is in use' : String(cause);
      throw new ConfigurationError(`--port ${port}: cannot listen there: ${reason}; take another one, or 0 for any`, {
        cause,
      });
    },
  );
}

async function serveEmbedded(options: EmbeddedOptions, flags: TenantFlags): Promise<Serving> {
  refuseTenantFlags(flags);
  const { baseUrl, controlUrl, close } = await startEmbedded(options);
  return {
    lines: [
      `base URL          ${baseUrl}`,
      `control protocol  ${controlUrl}`,
      `try               ${typedCommand()} run --target ${new URL(baseUrl).origin}`,
    ],
    close,
  };
}
