import type { Device } from "./device.js";

/** "Chrome on Windows", or the part that is known, or null. */
export function deviceName({ browser, os }: Device): string | null {
  if (browser === null || os === null) return browser ?? os;
  return `${browser} on ${os}`;
}
