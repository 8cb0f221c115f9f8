import { once } from 'node:events';
import { Command } from 'commander';
import { ConfigurationError } from '../../contract/errors.js';
import { loadContract } from '../../contract/load.js';
import { startReference } from '../../reference/server.js';
import { alterationOf } from '../../run/embedded.js';
import { defaultKeyEnv } from '../../target/target.js';
import { editionOption, readWhole } from '../options.js';

interface ServeFlags {
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
    .addHelpText(
      'after',
      `\nThe control protocol asks for a key when the environment variable ${defaultKeyEnv} is set.`,
    )
    .action(serve);
}

async function serve(flags: ServeFlags): Promise<void> {
  const port = readWhole('--port', flags.port, [0, highestPort]);
  const { edition } = loadContract(flags.edition);
  const key = process.env[defaultKeyEnv] ?? '';
  const server = await startReference({
    edition,
    port,
    controlKey: key === '' ? undefined : key,
    ...alterationOf(flags),
  }).catch((cause: unknown) => {
    const reason = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'it is in use' : String(cause);
    throw new ConfigurationError(`--port ${port}: cannot listen there: ${reason}; take another one, or 0 for any`, {
      cause,
    });
  });
  const origin = new URL(server.baseUrl).origin;
  process.stdout.write(
    [
      `base URL          ${server.baseUrl}`,
      `control protocol  ${server.controlUrl}`,
      `try               cancel-conformance run --target ${origin}`,
      'Stop with Ctrl-C.',
      '',
    ].join('\n'),
  );
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await server.close();
}
