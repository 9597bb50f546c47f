import type { EmailWords } from "../mail/queries.js";
import type { Device } from "./device.js";
import type { DeviceAndPlace } from "./device-and-place.js";

/** "Chrome on Windows", or the part that is known, or null. */
export function deviceName({ browser, os }: Device): string | null {
  if (browser === null || os === null) return browser ?? os;
  return `${browser} on ${os}`;
}

/** The sender of a request as an email names it. */
export const deviceWords = ({ device, place }: DeviceAndPlace): EmailWords => ({
  device: deviceName(device),
  place,
});
