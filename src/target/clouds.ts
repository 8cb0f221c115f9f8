/** A cloud of Microsoft: where tokens are given out, and the service that they are for. */
interface Cloud {
  readonly login: string;
  readonly graph: string;
}

/** The clouds by the names that target files use; the hosts are those of the Graph documentation, "National cloud deployments". */
export const clouds = {
  global: { login: 'https://login.microsoftonline.com', graph: 'https://graph.microsoft.com' },
  usGov: { login: 'https://login.microsoftonline.us', graph: 'https://graph.microsoft.us' },
  usGovDoD: { login: 'https://login.microsoftonline.us', graph: 'https://dod-graph.microsoft.us' },
  china: { login: 'https://login.chinacloudapi.cn', graph: 'https://microsoftgraph.chinacloudapi.cn' },
} as const satisfies Readonly<Record<string, Cloud>>;

export type CloudName = keyof typeof clouds;
