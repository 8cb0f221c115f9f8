/** Hosts of this machine, to which plain http goes over no network. */
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether the host name of a URL is of this machine. */
export const isLoopback = (hostname: string): boolean => loopback.test(hostname);
