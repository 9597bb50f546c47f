import type { RequestOptions } from "../../stack/client.js";
import type { Stack } from "../../stack/stack.js";
import { emailedToken, newEmail, subjects, type TestUser } from "../../stack/users.js";

/** Requests a change of the caller's address. */
export const requestChange = (
  { client, token }: Pick<TestUser, "client" | "token">,
  email: string,
  options: RequestOptions = {},
) => client.post("/api/auth/change-email", { email }, { token, ...options });

export const confirmChange = (stack: Stack, token: string) =>
  stack.client().post("/api/auth/confirm-email", { token });

export const disavow = (stack: Stack, token: string) => stack.client().post("/api/auth/not-me", { token });

/** Changes the address over HTTP, as a person with both mailboxes does. @returns the new address */
export async function changeAddress(
  stack: Stack,
  user: Pick<TestUser, "client" | "token">,
  email = newEmail(),
): Promise<string> {
  const requested = await requestChange(user, email);
  if (requested.status !== 202) throw new Error(`change-email: ${requested.text}`);
  const confirmed = await confirmChange(stack, await emailedToken(stack, email, subjects.confirmNew));
  if (confirmed.status !== 200) throw new Error(`confirm-email: ${confirmed.text}`);
  return email;
}

/** The address of an account. */
export async function addressOf(stack: Stack, { id }: Pick<TestUser, "id">): Promise<unknown> {
  const [row] = await stack.sql("select email from users where id = $1", [id]);
  return row?.["email"];
}

export const login = (stack: Stack, email: string, password: string) =>
  stack.client().post("/api/auth/login", { email, password });
