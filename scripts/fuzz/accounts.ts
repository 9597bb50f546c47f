import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createConnection, type HttpResponse } from "@latchkey/openapi-fuzz";

export type Account = { email: string; password: string; name: string };
export type Session = { token: string; cookie: string };
/** `token`: of the emailed link. `registration`: the secret of the browser that signed up. */
type SignUp = { account: Account; token: string; registration: string };

/** Creates accounts as people do: over the API, with emailed links from the mailbox at `/dev`. */
export type Accounts = {
  /** Signs up without confirming the email. */
  signUpUnconfirmed(): Promise<SignUp>;
  /** Signs up with an address that gets no email. */
  signUpWithoutEmail(refuseEmails: (to: string) => Promise<void>): Promise<void>;
  signUp(): Promise<Account>;
  /** `undefined` when the API refuses, for example because a rate limit is used up. */
  signIn(account: Pick<Account, "email" | "password">): Promise<Session | undefined>;
  /** Asks for a link to set a new password. Returns its token. */
  requestPasswordReset(account: Account): Promise<string>;
  /** Asks for a link to a new address. Returns its token. */
  requestEmailChange(account: Account): Promise<string>;
  /** Closes the account. Returns the token of the link that restores it. */
  requestRestoration(account: Account): Promise<string>;
  /** Signs in on a new device. Returns the token of the link “This wasn't me” in the notice. */
  requestNotice(account: Account): Promise<string>;
  createFeed(account: Account): Promise<void>;
};

const emailTimeoutMs = 30_000;
export const createPassword = () => `correct horse ${randomBytes(6).toString("hex")}`;

export function createAccounts(origin: string): Accounts {
  const newAccount = (): Account => ({
    email: `fuzz-${randomBytes(8).toString("hex")}@example.com`,
    password: createPassword(),
    name: "Ada",
  });

  async function signUpUnconfirmed() {
    const account = newAccount();
    const { registration } = JSON.parse(await mustPost(origin, "/api/auth/register", account));
    return { account, registration, token: await emailedToken(origin, account.email, "/verify-email") };
  }
  return {
    signUpUnconfirmed,
    async signUpWithoutEmail(refuseEmails) {
      const account = newAccount();
      await refuseEmails(account.email);
      await mustPost(origin, "/api/auth/register", account);
    },
    async signUp() {
      const { account, ...confirmation } = await signUpUnconfirmed();
      await mustPost(origin, "/api/auth/verify-email", confirmation);
      return account;
    },
    async signIn({ email, password }) {
      const { status, headers, text } = await send(origin, {
        method: "POST",
        path: "/api/auth/login",
        body: { email, password },
      });
      if (status !== 200) return undefined;
      const { accessToken } = JSON.parse(text) as { accessToken: string };
      return { token: accessToken, cookie: headers.getSetCookie()[0]?.split(";")[0] ?? "" };
    },
    async requestPasswordReset({ email }) {
      await mustPost(origin, "/api/auth/forgot-password", { email });
      return emailedToken(origin, email, "/reset-password");
    },
    async requestEmailChange({ email, password }) {
      const newAddress = `new-${email}`;
      const { accessToken } = JSON.parse(await mustPost(origin, "/api/auth/login", { email, password }));
      await mustPost(origin, "/api/auth/change-email", { email: newAddress }, accessToken);
      return emailedToken(origin, newAddress, "/confirm-email");
    },
    async requestRestoration({ email, password }) {
      const { accessToken } = JSON.parse(await mustPost(origin, "/api/auth/login", { email, password }));
      await mustSend(origin, { method: "DELETE", path: "/api/auth/me", token: accessToken });
      return emailedToken(origin, email, "/restore");
    },
    async requestNotice({ email, password }) {
      await mustPost(origin, "/api/auth/login", { email, password });
      return emailedToken(origin, email, "/not-me");
    },
    async createFeed({ email, password }) {
      const { accessToken } = JSON.parse(await mustPost(origin, "/api/auth/login", { email, password }));
      await mustSend(origin, { method: "POST", path: "/api/feed", token: accessToken });
    },
  };
}

type Request = { method: string; path: string; body?: object; token?: string | undefined };

/** Uses a new connection, and so a new address, for each request, because of the rate limits by address. */
async function send(origin: string, { method, path, body, token }: Request): Promise<HttpResponse> {
  const connection = createConnection(origin, { rotateLoopbackAddress: true });
  try {
    const headers = {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    return await connection.send({ method, path, headers, body: body && JSON.stringify(body) });
  } finally {
    connection.close();
  }
}

/** Returns the body of the response. @throws Error unless the request succeeds */
async function mustSend(origin: string, request: Request): Promise<string> {
  const { status, text } = await send(origin, request);
  if (status >= 300) throw new Error(`${request.method} ${request.path} responded with ${status}: ${text}`);
  return text;
}

const mustPost = (origin: string, path: string, body: object, token?: string): Promise<string> =>
  mustSend(origin, { method: "POST", path, body, token });

/** Waits for an email with a link to the path. */
async function emailedToken(origin: string, to: string, path: string): Promise<string> {
  const deadline = Date.now() + emailTimeoutMs;
  const link = new RegExp(`${path}#token=([\\w-]+)`);
  for (;;) {
    const response = await fetch(`${origin}/dev/mailbox.json?${new URLSearchParams({ to })}`);
    const emails = (await response.json()) as { text: string }[];
    const token = emails.map(({ text }) => link.exec(text)?.[1]).find(Boolean);
    if (token) return token;
    if (Date.now() > deadline) {
      throw new Error(`No email with a link to ${path} arrived within ${emailTimeoutMs} ms.`);
    }
    await sleep(25);
  }
}
