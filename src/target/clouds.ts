/** A cloud of Microsoft: where tokens are given out, and the service that they are for. */
interface Cloud {
  readonly login: string;
  readonly graph: string;
  /** The APIs in which cancel is served there. */
  readonly serves: readonly Api[];
}

type Api = 'beta' | 'v1.0';

/** The clouds by the names that target files use; the hosts are those of the Graph documentation, "National cloud deployments", what they serve stands on each page of the endpoint. */
export const clouds = {
  global: {
    login: 'https://login.microsoftonline.com',
    graph: 'https://graph.microsoft.com',
    serves: ['beta', 'v1.0'],
  },
  usGov: { login: 'https://login.microsoftonline.us', graph: 'https://graph.microsoft.us', serves: ['v1.0'] },
  usGovDoD: {
    login: 'https://login.microsoftonline.us',
    graph: 'https://dod-graph.microsoft.us',
    serves: ['v1.0'],
  },
  china: {
    login: 'https://login.chinacloudapi.cn',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    serves: ['beta', 'v1.0'],
  },
} as const satisfies Readonly<Record<string, Cloud>>;

type CloudName = keyof typeof clouds;

/** The cloud that an address is the Graph of; null: it is none of Microsoft's. */
const cloudAt = (baseUrl: string): CloudName | null =>
  cloudNames.find((name) => URL.canParse(baseUrl) && new URL(baseUrl).origin === clouds[name].graph) ?? null;

const cloudNames = Object.keys(clouds) as readonly CloudName[];

/** The clouds in which an API serves cancel, or does not. */
export const cloudsWith = (api: Api, isServed: boolean): readonly CloudName[] =>
  cloudNames.filter((name) => (clouds[name].serves as readonly Api[]).includes(api) === isServed);

/** Why a target cannot serve the API that it is judged by, in words; null where nothing is known against it. */
export function unservedThere(baseUrl: string, api: Api): string | null {
  const cloud = cloudAt(baseUrl);
  if (cloud === null || cloudsWith(api, true).includes(cloud)) return null;
  const served = clouds[cloud].serves.join(', ');
  return `the cloud ${cloud} does not serve cancel in ${api} (it does in ${cloudsWith(api, true).join(', ')}); there it is in ${served}: set baseUrl to ${clouds[cloud].graph}/${served} and choose an edition of ${served}`;
}
