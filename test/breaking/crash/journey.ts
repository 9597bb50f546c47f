import { randomUUID } from "node:crypto";
import { goodPassword, newEmail, subjects } from "../../stack/users.js";
import { createRandom } from "../random.js";
import type { CrashingStack } from "./crashing-stack.js";
import { emailedLink } from "./emailed-link.js";
import { createRetryingClient, type RetriedResponse, type RetryingClient } from "./retrying-client.js";
import { changeTasks } from "./task-steps.js";

/** Requests with a response took effect; requests without one may have. */
export type RequestCount = { confirmed: number; uncertain: number };

/** The operations that the API has confirmed to one user by the end of the journey. */
export type JourneyResult = {
  email: string;
  resetRequests: RequestCount;
  /** Sessions that started: at the confirmation and at sign-ins. */
  signIns: RequestCount;
  /** The cookie of a session that must still be alive; null after signing out. */
  cookie: string | null;
};

const countOf = ({ interruptions }: RetriedResponse): RequestCount => ({
  confirmed: 1,
  uncertain: interruptions,
});

/** A repeated request must succeed like the first: its first attempt may have taken effect without a response. */
function expectStatus(response: RetriedResponse, what: string, expected: number): void {
  if (response.status === expected) return;
  throw new Error(
    `${what}: ${response.status} after ${response.interruptions} interruptions: ${response.text}`,
  );
}

/** From sign-up to sign-out, with a client that repeats every request without a response. */
export async function runJourney(
  stack: CrashingStack,
  seed: number,
  onInterruption: (operation: string) => void,
): Promise<JourneyResult> {
  const random = createRandom(seed);
  const client = createRetryingClient(stack, onInterruption);
  const [email, password, newPassword] = [newEmail(), goodPassword(), goodPassword()];
  const post = (path: string, json?: unknown, headers = {}) =>
    client.send("POST", `/api/auth/${path}`, json === undefined ? {} : { json, headers });

  const person = { email, password, name: "Ada Lovelace" };
  const registered = await post("register", person, { "idempotency-key": randomUUID() });
  expectStatus(registered, "register", 202);
  const { registration } = registered.json;
  const link = await emailedLink(stack, client, email, subjects.verify);
  const confirmed = await post("verify-email", { token: link, registration });
  expectStatus(confirmed, "verify-email", 200);
  const refreshed = await post("refresh");
  expectStatus(refreshed, "refresh", 200);
  await changeTasks(client, refreshed.json.accessToken);
  expectStatus(await post("refresh"), "second refresh", 200);

  const resetRequest = await post("forgot-password", { email });
  expectStatus(resetRequest, "forgot-password", 202);
  const token = await emailedLink(stack, client, email, subjects.reset);
  expectStatus(await post("reset-password", { token, password: newPassword }), "reset", 204);
  const ended = await post("refresh");
  expectStatus(ended, "refresh after the reset", 401);
  const again = await post("login", { email, password: newPassword });
  expectStatus(again, "login with the new password", 200);
  expectStatus(await post("refresh"), "refresh of the new session", 200);

  const cookie = cookieHeaderOf(client);
  const isSigningOut = random.next() < 0.5;
  if (isSigningOut) await signOut(client, cookie);
  return {
    email,
    resetRequests: countOf(resetRequest),
    signIns: { confirmed: 2, uncertain: confirmed.interruptions + again.interruptions },
    cookie: isSigningOut ? null : cookie,
  };
}

const cookieHeaderOf = (client: RetryingClient) =>
  [...client.cookies].map(([name, value]) => `${name}=${value}`).join("; ");

async function signOut(client: RetryingClient, cookie: string): Promise<void> {
  expectStatus(await client.send("POST", "/api/auth/logout"), "logout", 204);
  expectStatus(await client.send("POST", "/api/auth/refresh", { cookie }), "refresh after signing out", 401);
}
