import { randomBytes, randomUUID } from "node:crypto";
import type { EmailKind } from "../../db/schema/outbox.js";
import { composeEmail } from "../../lib/mail/messages.js";
import type { Client } from "./client.js";
import { type Stack, waitFor } from "./stack.js";

export type TestUser = {
  id: string;
  email: string;
  name: string;
  password: string;
  /** Holds the session cookie. */
  client: Client;
  token: string;
};

export const newEmail = (): string => `person-${randomBytes(6).toString("hex")}@example.com`;
export const goodPassword = (): string => `correct horse ${randomBytes(6).toString("hex")}`;

/** Waits for an email to this address and returns the token of its link. */
export async function emailedToken(stack: Stack, email: string, subject: string | RegExp): Promise<string> {
  return tokenIn(await stack.mailbox.waitForMail(email, { subject }));
}

/** Waits for a notice to this address and returns the token of its link “This wasn't me”. */
export async function notMeToken(stack: Stack, email: string, subject: string): Promise<string> {
  return tokenIn(await stack.mailbox.waitForMail(email, { subject }), "/not-me");
}

/** Waits until `count` emails with this subject have arrived; returns the tokens of all of them, newest first. */
export async function emailedTokens(stack: Stack, email: string, subject: string, count: number) {
  const emails = await waitFor(async () => {
    const arrived = (await stack.mailbox.mails(email)).filter((sent) => sent.subject === subject);
    return arrived.length >= count ? arrived : undefined;
  });
  return emails.map((sent) => tokenIn(sent));
}

function tokenIn({ text }: { text: string }, page = ""): string {
  const token = new RegExp(`${page}#token=([\\w-]+)`).exec(text)?.[1];
  if (!token) throw new Error(`email without a link: ${text}`);
  return token;
}

export const subjectOf = (kind: EmailKind): string => {
  const email = {
    id: "",
    kind,
    recipient: "",
    linkId: randomUUID(),
    about: null,
    device: null,
    place: null,
    banReason: null,
    bannedUntil: null,
    createdAt: new Date().toISOString(),
    attempts: 1,
    isDead: false,
  };
  const secret = randomBytes(32).toString("base64url");
  return composeEmail(email, { APP_URL: "http://localhost", AUTH_SECRET: [secret] }).subject;
};

export const subjects = {
  verify: subjectOf("verify-email"),
  alreadyRegistered: subjectOf("already-registered"),
  reset: subjectOf("reset-password"),
  changed: subjectOf("password-changed"),
  reuse: subjectOf("session-reuse"),
  newDevice: subjectOf("new-device"),
  confirmNew: subjectOf("confirm-email"),
  changeRequested: subjectOf("email-change-requested"),
  addressChanged: subjectOf("email-changed"),
  secured: subjectOf("account-secured"),
  adminAdded: subjectOf("admin-added"),
  promoted: subjectOf("promoted"),
  demoted: subjectOf("demoted"),
  banned: subjectOf("banned"),
  unbanned: subjectOf("unbanned"),
  banChanged: subjectOf("ban-changed"),
  sessionsEnded: subjectOf("sessions-ended-by-admin"),
  closed: subjectOf("account-closed"),
  restored: subjectOf("account-restored"),
  feedCreated: subjectOf("feed-created"),
};

/** Signs up without confirming the email address. */
export async function register(
  stack: Stack,
  overrides: Partial<Pick<TestUser, "email" | "name" | "password">> = {},
) {
  const client = stack.client();
  const user = { email: newEmail(), name: "Ada Lovelace", password: goodPassword(), ...overrides };
  const response = await client.post("/api/auth/register", user);
  if (response.status !== 202) throw new Error(`register: ${response.text}`);
  return { ...user, client, registration: String(response.json.registration) };
}

/** Signs up and follows the emailed link in the same browser, over HTTP. */
export async function signUp(
  stack: Stack,
  overrides: Parameters<typeof register>[1] = {},
): Promise<TestUser> {
  const { registration, ...user } = await register(stack, overrides);
  const token = await emailedToken(stack, user.email, subjects.verify);
  const response = await user.client.post("/api/auth/verify-email", { token, registration });
  if (response.status !== 200) throw new Error(`verify: ${response.text}`);
  return { ...user, id: String(response.json.user.id), token: String(response.json.accessToken) };
}

export async function signIn<P extends { email: string; name: string; password: string; client: Client }>(
  user: P,
) {
  const { email, password, client } = user;
  const response = await client.post("/api/auth/login", { email, password });
  if (response.status !== 200) throw new Error(`login: ${response.text}`);
  return { ...user, id: String(response.json.user.id), token: String(response.json.accessToken) };
}

/** Sets the role in the database: only an operator can grant it to the first admin. */
export async function signUpAdmin(stack: Stack): Promise<TestUser> {
  const user = await signUp(stack);
  await stack.sql("update users set role = 'admin' where id = $1", [user.id]);
  return user;
}
