/** Hosts of this machine, to which plain http goes over no network. */
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether an address is of this machine. */
export const isLoopback = (address: string): boolean => loopback.test(new URL(address).hostname);
