import { randomBytes } from "node:crypto";
import type { Client } from "./client.js";
import { type Stack, waitFor } from "./stack.js";

export type Person = {
  id: string;
  email: string;
  name: string;
  password: string;
  /** With the cookie of the login. */
  client: Client;
  token: string;
};

export const newEmail = (): string => `person-${randomBytes(6).toString("hex")}@example.com`;
export const goodPassword = (): string => `correct horse ${randomBytes(6).toString("hex")}`;

/** The token of the newest link in a mail to this address. */
export async function mailedToken(stack: Stack, email: string, subject: string | RegExp): Promise<string> {
  return tokenIn(await stack.mailbox.waitForMail(email, { subject }));
}

/** The tokens of so many mails with a link, the newest first; waits for them. */
export async function mailedTokens(stack: Stack, email: string, subject: string, count: number) {
  const mails = await waitFor(async () => {
    const arrived = (await stack.mailbox.mails(email)).filter((mail) => mail.subject === subject);
    return arrived.length >= count ? arrived : undefined;
  });
  return mails.map(tokenIn);
}

function tokenIn({ text }: { text: string }): string {
  const token = /#token=([\w-]+)/.exec(text)?.[1];
  if (!token) throw new Error(`no link in: ${text}`);
  return token;
}

export const subjects = {
  verify: "Confirm your e-mail address",
  finish: "Choose a password to finish",
  alreadyRegistered: "You already have an account",
  reset: "Set a new password",
  changed: "Your password was changed",
  reuse: "We have ended a login of yours",
} as const;

/** Registers, but confirms nothing. */
export async function register(
  stack: Stack,
  overrides: Partial<Pick<Person, "email" | "name" | "password">> = {},
) {
  const client = stack.client();
  const person = { email: newEmail(), name: "Ada Lovelace", password: goodPassword(), ...overrides };
  const answer = await client.post("/api/auth/register", person);
  if (answer.status !== 202) throw new Error(`register: ${answer.text}`);
  return { ...person, client };
}

/** Registers, follows the mail and logs in: everything as a person does it. */
export async function signUp(stack: Stack, overrides: Parameters<typeof register>[1] = {}): Promise<Person> {
  const person = await register(stack, overrides);
  const token = await mailedToken(stack, person.email, subjects.verify);
  const verified = await person.client.post("/api/auth/verify-email", { token });
  if (verified.status !== 200) throw new Error(`verify: ${verified.text}`);
  return logIn(person);
}

export async function logIn<P extends { email: string; name: string; password: string; client: Client }>(
  person: P,
) {
  const { email, password, client } = person;
  const answer = await client.post("/api/auth/login", { email, password });
  if (answer.status !== 200) throw new Error(`login: ${answer.text}`);
  return { ...person, id: String(answer.json.user.id), token: String(answer.json.accessToken) };
}

/** A person with the admin role, which only an operator can give. */
export async function signUpAdmin(stack: Stack): Promise<Person> {
  const person = await signUp(stack);
  await stack.sql("update users set role = 'admin' where id = $1", [person.id]);
  return person;
}
