import { decodeJwt } from "jose";
import { roles } from "../../db/schema/users.js";
import { issueAccessToken } from "../../lib/auth/access-token.js";
import { stepUp } from "../../lib/auth/limits.js";
import { authEnv } from "./seed.js";
import type { Stack } from "./stack.js";

/** A fresh access token of the same session whose proof is this old, as a refresh issues it. */
export async function agedToken(
  stack: Stack,
  token: string | undefined,
  ageSeconds: number = stepUp.maxAgeSeconds,
): Promise<string> {
  const { sub = "", sid, role } = decodeJwt(token ?? "");
  const subject = {
    userId: sub,
    sessionId: String(sid),
    role: roles.find((name) => name === role) ?? "user",
  };
  const authTime = new Date(Date.now() - ageSeconds * 1000).toISOString();
  return (await issueAccessToken(authEnv(stack), { ...subject, authTime })).accessToken;
}

/** Makes the live sessions of a user, and their proofs, this much older. A refresh then issues a token like `agedToken`. */
export const ageProofs = (stack: Stack, { id }: { id: string }, seconds: number = stepUp.maxAgeSeconds) =>
  stack.sql(
    `update sessions set created_at = created_at - make_interval(secs => $1),
            authenticated_at = authenticated_at - make_interval(secs => $1)
      where user_id = $2 and ended_at is null`,
    [seconds, id],
  );
