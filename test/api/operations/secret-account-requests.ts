import { expect } from "vitest";
import type { Client } from "../../stack/client.js";
import type { Canaries } from "./canaries.js";

export const newAccount = ({ canary, canaryEmail }: Canaries) => ({
  email: canaryEmail("email"),
  password: canary("password"),
  name: canary("name"),
});

/** Signs up and requests links. During a fault every request just fails. */
export async function useAccount(canaries: Canaries, client: Client, person = newAccount(canaries)) {
  const { canary, canaryEmail, send } = canaries;
  const headers = { "idempotency-key": canary("idempotency-key") };
  const signedUp = await send(client, "POST", "/api/auth/register", { json: person, headers });
  const otherName = { ...person, name: canary("other name") };
  await send(client, "POST", "/api/auth/register", { json: otherName, headers });
  await send(client, "POST", "/api/auth/resend-verification", { json: { email: person.email } });
  await send(client, "POST", "/api/auth/forgot-password", {
    json: { email: canaryEmail("unknown email") },
  });
  await send(client, "POST", "/api/auth/login", {
    json: { email: person.email, password: canary("wrong") },
  });
  const registration = String(signedUp.json.registration);
  if (signedUp.status === 202) canary("registration", registration);
  return { person, registration };
}

/** Sends a confirmation without its secret, with a forged one, with a bad password, and then a correct one. */
export async function confirmEmail(
  { canary, send }: Canaries,
  client: Client,
  { token, registration, name }: { token: string; registration: string; name: string },
) {
  const confirm = (members: Record<string, string>) =>
    send(client, "POST", "/api/auth/verify-email", { json: { token, ...members } });
  expect((await confirm({})).code).toBe("password-required");
  await confirm({ registration: canary("forged registration") });
  await confirm({ registration, password: name });
  canary("access token", (await confirm({ registration })).json.accessToken);
  await confirm({ password: canary("wrong") });
  const [cookie = ""] = client.cookies.values();
  canary("refresh token", cookie);
}

/** Sends forged credentials and malformed bodies. */
export async function sendInvalidInput(canaries: Canaries, client: Client) {
  const { canary, send } = canaries;
  const cookie = `latchkey=${canary("cookie")}`;
  const json = (body: string) => ({ body, headers: { "content-type": "application/json" } });
  await send(client, "POST", "/api/auth/refresh", { cookie });
  await send(client, "POST", "/api/auth/logout", { cookie });
  await send(client, "POST", "/api/auth/login", json(`{"email": "${canary("half a body")}`));
  await send(client, "POST", "/api/auth/login", json(`"${canary("a text")}"`));
  await send(client, "POST", "/api/auth/login", {
    json: { email: canary("no email"), password: [canary("list")] },
  });
  await send(client, "POST", "/api/auth/register", {
    json: { ...newAccount(canaries), password: canary("x").slice(0, 7) },
  });
  await send(client, "POST", "/api/auth/login", {
    ...json("{}"),
    headers: { "content-type": canary("type") },
  });
  await send(client, "POST", "/api/auth/verify-email", { json: { token: canary("token") } });
  await send(client, "POST", "/api/auth/refresh", {
    headers: { origin: `https://${canary("origin")}.test` },
  });
  await send(client, "GET", `/api/${canary("path")}?${canary("query")}`);
  await send(client, "GET", "/api/cron/outbox", { token: canary("cron token") });
  for (const authorization of [`Bearer ${canary("bearer")}`, `Basic ${canary("basic")}`, canary("scheme")]) {
    await send(client, "GET", "/api/auth/me", { headers: { authorization } });
    await send(client, "GET", "/api/admin/users?q=x", { headers: { authorization } });
  }
}
