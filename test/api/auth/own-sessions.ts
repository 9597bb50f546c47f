import type { OwnSession } from "../../../lib/auth/contract/own-sessions.js";
import type { Stack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";

export const userAgents = {
  chrome:
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  firefox: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
} as const;

/** Signs in with a browser that has no cookies. */
export const signInWith = (stack: Stack, { email, password }: TestUser, userAgent: string) =>
  stack.client().post("/api/auth/login", { email, password }, { headers: { "user-agent": userAgent } });

export async function listedSessions({ client, token }: TestUser): Promise<OwnSession[]> {
  const { status, json, text } = await client.get("/api/auth/sessions", { token });
  if (status !== 200) throw new Error(text);
  return json.sessions;
}

/** The events of a user, oldest first, with the words of their requests. */
export const eventsOf = (stack: Stack, { id }: TestUser) =>
  stack.sql(
    `select kind, session_id as "sessionId", browser, os, device_kind as "deviceKind", place
       from security_events where user_id = $1 order by created_at`,
    [id],
  );
