import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Edition } from '../../engine/contract/types.js';
import { alter, type Fault, type Variant } from './alterations.js';
import { answerControl, control, controlPath, type ControlAnswer, type ControlledService } from './control.js';
import { callOf } from './call.js';
import { defaultSeams } from './defaults.js';
import { listenOnLoopback } from './loopback.js';
import { answerCall } from './pipeline.js';
import { RequestStore } from './store.js';
import { TokenAuthority } from './tokens.js';
import { send } from './wire.js';

/** What the embedded target is to be like. */
export interface EmbeddedOptions {
  readonly edition: Edition;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** Names by which it is called besides those of this machine, as behind a gateway; default: none. */
  readonly hosts?: readonly string[] | undefined;
  readonly variant?: Variant | undefined;
  /** Laid over the variant, one over the other. */
  readonly faults?: readonly Fault[] | undefined;
  /** Bearer key of the control protocol; without one it is open. */
  readonly controlKey?: string | undefined;
}

/** A running embedded target. */
export interface EmbeddedTarget {
  /** What stands before `/identityGovernance`, such as `http://127.0.0.1:4010/beta`. */
  readonly baseUrl: string;
  /** Base URL of the control protocol. */
  readonly controlUrl: string;
  /** A call of the control protocol by whoever runs in this process: the same answer as over HTTP, without its way. */
  readonly control: (method: string, path: string, body?: object) => Promise<ControlAnswer>;
  /** Ends at once: open connections are cut, answers still owed are never given. */
  readonly close: () => Promise<void>;
}

/**
 * Starts the embedded target on 127.0.0.1: the action and its resource by the edition, tokens, and the control protocol.
 * @throws Error when the port is taken
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedTarget> {
  const { edition, variant, faults = [], controlKey = null } = options;
  const alterations = [...(variant === undefined ? [] : [variant]), ...faults];
  const service: ControlledService = {
    edition,
    store: new RequestStore(),
    authority: await TokenAuthority.create(edition),
    seams: alter(defaultSeams, alterations),
    controlKey,
  };
  const { origin, close } = await listenOnLoopback(
    (incoming, response) => serve(service, incoming, response),
    options.port ?? 0,
    // As the service itself: it asks pages for a token like everybody else, and lets none of another origin read its answer.
    { hosts: options.hosts, servesPages: (target) => target.startsWith(`/${edition.api}/`) },
  );
  return {
    baseUrl: `${origin}/${edition.api}`,
    controlUrl: origin + controlPath,
    control: (method, path, body = {}) =>
      control(service, { method, path, members: () => Promise.resolve({ ...body }) }),
    close,
  };
}

async function serve(service: ControlledService, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  if (isControl(incoming.url ?? '')) await answerControl(service, incoming, response);
  else await answerService(service, incoming, response);
}

function isControl(target: string): boolean {
  return target.startsWith(controlPath) && ['', '/', '?'].includes(target.charAt(controlPath.length));
}

async function answerService(
  service: ControlledService,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const call = callOf(service, incoming);
  const answer = await answerCall(call, service.seams);
  send(answer, response);
  if (call.address.kind === 'action') service.seams.lateEffect(answer, call);
}
