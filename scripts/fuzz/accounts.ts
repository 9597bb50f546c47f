import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createCaller } from "./caller.js";
import { parse } from "./conformance.js";

export type Account = { email: string; password: string; name: string };
export type Session = { token: string; cookie: string };

/** Accounts as a person gets them: over the API, with the mails of a mailbox at `/dev`. */
export type Accounts = {
  register(): Promise<{ account: Account; link: string }>;
  signUp(): Promise<Account>;
  /** Undefined where the API refuses, such as for a budget that is spent. */
  logIn(account: Pick<Account, "email" | "password">): Promise<Session | undefined>;
  /** Asks for a link to set a new password. */
  forget(account: Account): Promise<string>;
};

const mailTimeoutMs = 30_000;
const goodPassword = () => `correct horse ${randomBytes(6).toString("hex")}`;

export function createAccounts(origin: string): Accounts {
  async function post(path: string, body: unknown) {
    // From an address of its own: none of these may be refused because of another.
    const caller = createCaller(origin);
    const headers = { "content-type": "application/json" };
    const answer = await caller.send({ method: "POST", path, headers, body: JSON.stringify(body) });
    caller.close();
    return answer;
  }
  async function mustPost(path: string, body: unknown): Promise<void> {
    const { status, text } = await post(path, body);
    if (status >= 300) throw new Error(`POST ${path} answered ${status}: ${text}`);
  }
  async function mailedLink(to: string, path: string): Promise<string> {
    const until = Date.now() + mailTimeoutMs;
    for (;;) {
      const answer = await fetch(`${origin}/dev/mailbox.json?${new URLSearchParams({ to })}`);
      const mails = (await answer.json()) as { text: string }[];
      const token = mails
        .map(({ text }) => new RegExp(`${path}#token=([\\w-]+)`).exec(text)?.[1])
        .find(Boolean);
      if (token) return token;
      if (Date.now() > until)
        throw new Error(`no mail with a link to ${path} came within ${mailTimeoutMs} ms`);
      await sleep(25);
    }
  }

  async function register() {
    const account = {
      email: `fuzz-${randomBytes(8).toString("hex")}@example.com`,
      password: goodPassword(),
      name: "Ada",
    };
    await mustPost("/api/auth/register", account);
    return { account, link: await mailedLink(account.email, "/verify-email") };
  }
  return {
    register,
    async signUp() {
      const { account, link } = await register();
      await mustPost("/api/auth/verify-email", { token: link });
      return account;
    },
    async logIn({ email, password }) {
      const { status, headers, text } = await post("/api/auth/login", { email, password });
      if (status !== 200) return undefined;
      const { accessToken } = parse(text) as { accessToken: string };
      return { token: accessToken, cookie: headers.getSetCookie()[0]?.split(";")[0] ?? "" };
    },
    async forget({ email }) {
      await mustPost("/api/auth/forgot-password", { email });
      return mailedLink(email, "/reset-password");
    },
  };
}

export { goodPassword };
