import type { Env } from "../env.js";
import { isFromProxy } from "../http/client-address.js";

/** Request headers of Vercel: where the IP address of the connection is. The city is percent-encoded. */
export const placeHeaders = { city: "x-vercel-ip-city", country: "x-vercel-ip-country" } as const;

const country = /^[A-Z]{2}$/;
/** Letters, and the marks that names of cities have. Without controls and markup. */
const city = /^\p{L}[\p{L}\p{M}\p{N} .,'’()/-]{0,79}$/u;

/**
 * "near Aarhus, DK", "DK", or null if the place is not known. Vercel overwrites these headers, so a caller cannot forge
 * them. They describe the connection to Vercel: behind a front end that forwards `/api`, that is the front end. If the
 * front end proves PROXY_SECRET, the place is therefore left out; any other one looks like a caller.
 */
export function placeOf(headers: Headers, env: Pick<Env<never>, "PROXY_SECRET">): string | null {
  const code = headers.get(placeHeaders.country);
  if (code === null || !country.test(code) || isFromProxy(headers, env)) return null;
  const name = decoded(headers.get(placeHeaders.city) ?? "").normalize("NFC");
  return city.test(name) ? `near ${name}, ${code}` : code;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return "";
  }
}
