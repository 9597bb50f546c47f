/** `localhost` and names below it, 127.0.0.0/8 and ::1, with any port. */
const loopbackHost = /^(?:(?:[\w-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Whether a Host header names this machine. Any website can point its own name at 127.0.0.1 (DNS rebinding). A browser
 * would then let its pages read this server, but still sends that name.
 */
export const isLoopbackHost = (host: string): boolean => loopbackHost.test(host);

export const foreignHostText =
  "This server accepts loopback host names only, such as localhost. With any other name, a website could point its " +
  "own name at this machine and read the response.";
