import type { Accounts } from "./accounts.js";
import { createCookieJar } from "./cookie-jar.js";
import { type Identities, keepSignedIn } from "./signed-in.js";
import { createWebhookSigner } from "./webhook-signer.js";

export type GivenCredentials = {
  token?: string | undefined;
  adminToken?: string | undefined;
  cronSecret?: string | undefined;
  webhookSecret?: string | undefined;
  email?: string | undefined;
  password?: string | undefined;
};

/** Callers for a deployment, with credentials from the options of the command. */
export function createGivenIdentities(accounts: Accounts, given: GivenCredentials): Identities {
  const { token, adminToken, cronSecret, webhookSecret, email, password } = given;
  const sign = webhookSecret === undefined ? undefined : createWebhookSigner(webhookSecret);
  const account = email !== undefined && password !== undefined ? { email, password } : undefined;
  const signedIn = account && keepSignedIn(accounts, account);
  const jar = createCookieJar(async () => account && accounts.signIn(account));
  return {
    callers: {
      async credential(scheme, { operationId, roles, body }) {
        if (scheme === "sessionCookie") return jar.cookie(operationId);
        if (scheme === "cronSecret") return cronSecret;
        if (scheme.startsWith("webhook")) return sign?.(scheme, body);
        return roles.length > 0 ? adminToken : (token ?? signedIn?.token());
      },
      storeCookies: jar.store,
    },
  };
}
