import { type Account, type Accounts, goodPassword, type Session } from "./accounts.js";
import { type Credentials, noCredentials } from "./credentials.js";

/** A login each, renewed before its access token has expired; they last 15 minutes. */
const renewAfterMs = 8 * 60_000;
/** Below what the API allows one account at once. */
const loginsPerAccount = 8;

type Holder = { token(): Promise<string | undefined> };

function holder(accounts: Accounts, account: Pick<Account, "email" | "password">): Holder {
  let current: { session: Promise<Session | undefined>; until: number } | undefined;
  return {
    async token() {
      if (!current || Date.now() > current.until) {
        current = { session: accounts.logIn(account), until: Date.now() + renewAfterMs };
      }
      return (await current.session)?.token;
    },
  };
}

type Jar = Pick<Credentials, "cookie" | "keepCookie">;

/** One session for each operation that asks with a cookie; a new one when it was ended. */
function createJar(open: () => Promise<Session | undefined>): Jar {
  const jar = new Map<string, string>();
  return {
    async cookie(operationId) {
      const cookie = jar.get(operationId) ?? (await open())?.cookie;
      if (cookie) jar.set(operationId, cookie);
      return cookie;
    },
    keepCookie(operationId, setCookies) {
      for (const line of setCookies) {
        if (/;\s*max-age=0(;|$)/i.test(line)) jar.delete(operationId);
        else jar.set(operationId, line.split(";")[0] ?? "");
      }
    },
  };
}

export type LocalOptions = {
  accounts: Accounts;
  cronSecret: string;
  grantAdmin(email: string): Promise<void>;
};

/** Everybody there is, on a stack of the fuzz's own. */
export async function localCallers({ accounts, cronSecret, grantAdmin }: LocalOptions): Promise<Credentials> {
  const ours = new Set<string>();
  const keep = <A extends Account>(account: A): A => {
    ours.add(account.email);
    return account;
  };
  const [user, admin] = [keep(await accounts.signUp()), keep(await accounts.signUp())];
  await grantAdmin(admin.email);
  const [userHolder, adminHolder] = [holder(accounts, user), holder(accounts, admin)];
  let spare: { account: Promise<Account>; logins: number } | undefined;

  /** An account whose sessions and password matter to nobody. */
  async function throwaway(): Promise<Account> {
    if (!spare || spare.logins >= loginsPerAccount)
      spare = { account: accounts.signUp().then(keep), logins: 0 };
    spare.logins += 1;
    return spare.account;
  }
  const supplies: Record<string, () => Promise<unknown>> = {
    async login() {
      const { email, password } = await throwaway();
      return { email, password };
    },
    async verifyEmail() {
      return { token: (await accounts.register()).link };
    },
    async resetPassword() {
      return { token: await accounts.forget(keep(await accounts.signUp())), password: goodPassword() };
    },
  };

  return {
    ...createJar(async () => accounts.logIn(await throwaway())),
    bearer: (scheme, isPrivileged) =>
      scheme === "cronSecret"
        ? Promise.resolve(cronSecret)
        : (isPrivileged ? adminHolder : userHolder).token(),
    supply: async (operationId) => supplies[operationId]?.(),
    isProtected: ({ email }) => typeof email === "string" && ours.has(email),
  };
}

export type Given = {
  token?: string | undefined;
  adminToken?: string | undefined;
  cronSecret?: string | undefined;
  email?: string | undefined;
  password?: string | undefined;
};

/** What the caller of the command has for a deployment; without anything, nobody. */
export function givenCallers(
  accounts: Accounts,
  { token, adminToken, cronSecret, email, password }: Given,
): Credentials {
  const account = email !== undefined && password !== undefined ? { email, password } : undefined;
  const login = account && holder(accounts, account);
  return {
    ...noCredentials,
    ...(account ? createJar(() => accounts.logIn(account)) : {}),
    async bearer(scheme, isPrivileged) {
      if (scheme === "cronSecret") return cronSecret;
      return isPrivileged ? adminToken : (token ?? login?.token());
    },
  };
}
