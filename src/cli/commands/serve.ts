import { once } from 'node:events';
import { Command } from 'commander';
import { ConfigurationError } from '../../engine/errors.js';
import { loadContract } from '../../cancel/contract.js';
import { startEmbedded, type EmbeddedOptions } from '../../emulators/endpoint/server.js';
import { alterationOf } from '../../emulators/endpoint/named.js';
import { defaultKeyEnv } from '../../target/target.js';
import { editionOption, readWhole } from '../options.js';
import { refuseTenantFlags, serveTenant, tenantHelp, type Serving, type TenantFlags } from './serve-tenant.js';

interface ServeFlags extends TenantFlags {
  readonly port: string;
  readonly edition?: string;
  readonly fault?: readonly string[];
  readonly variant?: string;
}

const highestPort = 65_535;

/** `serve`: the embedded target as a server of its own. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('run the embedded target as a server of its own on 127.0.0.1')
    .option('--port <n>', 'port; 0 takes any free one', '0')
    .addOption(editionOption())
    .option('--fault <id...>', 'break it on purpose, in one way or several')
    .option('--variant <id>', 'use a freedom of the contract')
    .option('--tenant', 'make it a small entitlement-management tenant, without the control protocol')
    .option('--nuisances <names>', 'what the tenant puts in the way: all, none, or names separated by commas')
    .option('--others <n>', 'how many requests of other people the tenant holds')
    .option('--seed <n>', 'decides what looks like chance in the tenant')
    .option('--delays <ms>', "how long the tenant's transitions take: one number, or name=ms separated by commas")
    .addHelpText(
      'after',
      `\nThe control protocol asks for a key when the environment variable ${defaultKeyEnv} is set.${tenantHelp}`,
    )
    .action(serve);
}

async function serve(flags: ServeFlags): Promise<void> {
  const port = readWhole('--port', flags.port, [0, highestPort]);
  const { edition } = loadContract(flags.edition);
  const key = process.env[defaultKeyEnv] ?? '';
  const options = { edition, port, controlKey: key === '' ? undefined : key, ...alterationOf(flags) };
  const server = await (flags.tenant === true ? serveTenant(options, flags) : serveEmbedded(options, flags)).catch(
    (cause: unknown) => {
      if (cause instanceof ConfigurationError) throw cause;
      const reason = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'it is in use' : String(cause);
      throw new ConfigurationError(`--port ${port}: cannot listen there: ${reason}; take another one, or 0 for any`, {
        cause,
      });
    },
  );
  // Before anybody is told that it runs: whoever stops it then is heard.
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  process.stdout.write([...server.lines, 'Stop with Ctrl-C.', ''].join('\n'));
  await stopped;
  await server.close();
}

async function serveEmbedded(options: EmbeddedOptions, flags: TenantFlags): Promise<Serving> {
  refuseTenantFlags(flags);
  const { baseUrl, controlUrl, close } = await startEmbedded(options);
  return {
    lines: [
      `base URL          ${baseUrl}`,
      `control protocol  ${controlUrl}`,
      `try               cancel-conformance run --target ${new URL(baseUrl).origin}`,
    ],
    close,
  };
}
