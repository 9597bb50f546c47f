import { ProblemError } from "./problem-error.js";
import type { components } from "./schema.js";

type TokenResponse = Pick<components["schemas"]["AccessToken"], "accessToken" | "expiresIn">;

/** An access token in memory, the user it belongs to, and the local time to refresh it. */
export type StoredToken = { token: string; userId: string; refreshAt: number };

/** Leaves a request enough time to arrive before its token expires. */
const refreshEarlySeconds = 30;

/** @throws ProblemError if the response is not from the API, but for example from a captive portal */
export function readTokenResponse(response: TokenResponse): StoredToken {
  try {
    const { accessToken, expiresIn } = response;
    // Relative to now, so the local clock may be wrong. It only has to keep running while the tab sleeps.
    const lifetimeSeconds = Math.max(expiresIn - refreshEarlySeconds, expiresIn / 2);
    return {
      token: accessToken,
      userId: subjectOf(accessToken),
      refreshAt: Date.now() + lifetimeSeconds * 1000,
    };
  } catch (cause) {
    throw new ProblemError("unexpected", { status: 200, title: "Unexpected response" }, { cause });
  }
}

function subjectOf(jwt: string): string {
  const payload = jwt.split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/") ?? "";
  return JSON.parse(atob(payload)).sub;
}
