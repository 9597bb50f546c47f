import type { Env } from "../env.js";
import { type Device, deviceOf } from "./device.js";
import { placeOf } from "./place.js";

/** The sender of a request, in words. The IP address and the user agent are not stored. */
export type DeviceAndPlace = { device: Device; place: string | null };

export const deviceAndPlaceOf = (
  headers: Headers,
  env: Pick<Env<never>, "PROXY_SECRET">,
): DeviceAndPlace => ({
  device: deviceOf(headers.get("user-agent")),
  place: placeOf(headers, env),
});
