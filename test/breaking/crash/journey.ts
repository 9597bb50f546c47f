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
  signUps: RequestCount;
  resetRequests: RequestCount;
  /** Passwords set through a link. */
  passwordChanges: number;
  signIns: RequestCount;
  /** The cookie of a session that must still be alive; null after signing out. */
  cookie: string | null;
};

const countOf = ({ interruptions }: RetriedResponse): RequestCount => ({
  confirmed: 1,
  uncertain: interruptions,
});

/** `codeOfRepeat`: the problem of a request whose first attempt took effect without a response. */
function expectStatus(
  response: RetriedResponse,
  what: string,
  expected: number,
  codeOfRepeat?: string,
): void {
  if (response.status === expected) return;
  if (codeOfRepeat !== undefined && response.interruptions > 0 && response.code === codeOfRepeat) return;
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
  const post = (path: string, json?: unknown) =>
    client.send("POST", `/api/auth/${path}`, json === undefined ? {} : { json });

  const registered = await post("register", { email, password, name: "Ada Lovelace" });
  expectStatus(registered, "register", 202);
  const changes = await confirmEmail(stack, client, { email, password }, registered.interruptions > 0);
  const login = await post("login", { email, password });
  expectStatus(login, "login", 200);
  const refreshed = await post("refresh");
  expectStatus(refreshed, "refresh", 200);
  await changeTasks(client, refreshed.json.accessToken);
  expectStatus(await post("refresh"), "second refresh", 200);

  const resetRequest = await post("forgot-password", { email });
  expectStatus(resetRequest, "forgot-password", 202);
  const { token } = await emailedLink(stack, client, email, [subjects.reset]);
  expectStatus(await post("reset-password", { token, password: newPassword }), "reset", 204, "invalid-link");
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
    signUps: countOf(registered),
    resetRequests: countOf(resetRequest),
    passwordChanges: changes + 1,
    signIns: { confirmed: 2, uncertain: login.interruptions + again.interruptions },
    cookie: isSigningOut ? null : cookie,
  };
}

/**
 * Follows the emailed link. After a repeated sign-up, the user may have to choose the password again.
 * @returns the number of passwords set
 */
async function confirmEmail(
  stack: CrashingStack,
  client: RetryingClient,
  { email, password }: { email: string; password: string },
  maybeSignedUpTwice: boolean,
): Promise<number> {
  const { verify, finish } = subjects;
  const first = await emailedLink(stack, client, email, maybeSignedUpTwice ? [finish, verify] : [verify]);
  if (first.subject === verify) {
    const json = { token: first.token };
    const verified = await client.send("POST", "/api/auth/verify-email", { json });
    if (!maybeSignedUpTwice) expectStatus(verified, "verify-email", 200, "invalid-link");
    if (verified.status === 200 || (await isVerified(stack, email))) return 0;
  }
  const { token } = first.subject === finish ? first : await emailedLink(stack, client, email, [finish]);
  const response = await client.send("POST", "/api/auth/reset-password", { json: { token, password } });
  expectStatus(response, "choosing the password", 204, "invalid-link");
  return 1;
}

const isVerified = async (stack: CrashingStack, email: string) =>
  (await stack.sql("select from users where email = $1 and email_verified_at is not null", [email])).length >
  0;

const cookieHeaderOf = (client: RetryingClient) =>
  [...client.cookies].map(([name, value]) => `${name}=${value}`).join("; ");

async function signOut(client: RetryingClient, cookie: string): Promise<void> {
  expectStatus(await client.send("POST", "/api/auth/logout"), "logout", 204);
  expectStatus(await client.send("POST", "/api/auth/refresh", { cookie }), "refresh after signing out", 401);
}
