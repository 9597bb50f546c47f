import { uuidv7 } from "uuidv7";
import { type Account, type Accounts, createPassword } from "./accounts.js";
import { createCookieJar } from "./cookie-jar.js";
import { type Identities, keepSignedIn } from "./signed-in.js";
import { createWebhookSigner } from "./webhook-signer.js";

/** Below the number of sign-ins that the API allows one account in a row. */
const signInsPerAccount = 8;

export type LocalOptions = {
  accounts: Accounts;
  cronSecret: string;
  webhookSecret: string;
  grantAdmin(email: string): Promise<void>;
  refuseEmails(to: string): Promise<void>;
};

/** Emails that wait in the outbox, for the operations that retry and drop them. */
const waitingEmails = 10;

/** A user, an admin and disposable accounts on a stack that belongs to the run. */
export async function createLocalIdentities(options: LocalOptions): Promise<Identities> {
  const { accounts, cronSecret, grantAdmin, refuseEmails } = options;
  const sign = createWebhookSigner(options.webhookSecret);
  /** The run must not ban or delete the accounts that it needs. */
  const protectedEmails = new Set<string>();
  const protect = (account: Account): Account => {
    protectedEmails.add(account.email);
    return account;
  };
  const [user, admin] = [protect(await accounts.signUp()), protect(await accounts.signUp())];
  await grantAdmin(admin.email);
  for (let count = 0; count < waitingEmails; count += 1) await accounts.signUpWithoutEmail(refuseEmails);
  const [signedInUser, signedInAdmin] = [keepSignedIn(accounts, user), keepSignedIn(accounts, admin)];
  /** Changes its password again and again: a session may repeat its change. */
  const changer = protect(await accounts.signUp());
  const [signedInChanger, changedPassword] = [keepSignedIn(accounts, changer), createPassword()];
  /** Has many sessions, which others of them end. */
  const sessionOwner = protect(await accounts.signUp());
  const signedInOwner = keepSignedIn(accounts, sessionOwner);
  /** An account that keeps its feed. Those of other accounts are created and deleted at any time. */
  const feedOwner = protect(await accounts.signUp());
  await accounts.createFeed(feedOwner);
  const signedInFeedOwner = keepSignedIn(accounts, feedOwner);
  let spare: { account: Promise<Account>; signIns: number } | undefined;

  /** An account that no other operation depends on. */
  async function disposableAccount(): Promise<Account> {
    if (!spare || spare.signIns >= signInsPerAccount) {
      spare = { account: accounts.signUp().then(protect), signIns: 0 };
    }
    spare.signIns += 1;
    return spare.account;
  }
  const jar = createCookieJar(async () => accounts.signIn(await disposableAccount()));
  /** The tokens for operations that end sessions, or that read rows which another operation deletes. */
  const ending: Record<string, () => Promise<string | undefined>> = {
    closeAccount: async () => (await accounts.signIn(await accounts.signUp()))?.token,
    deleteSessions: async () => (await accounts.signIn(await accounts.signUp()))?.token,
    deleteSession: () => signedInOwner.token(),
    getFeed: () => signedInFeedOwner.token(),
    async listSessions() {
      const token = await signedInOwner.token();
      await accounts.signIn(sessionOwner);
      return token;
    },
  };
  const bodies: Record<string, () => Promise<unknown>> = {
    async login() {
      const { email, password } = await disposableAccount();
      return { email, password };
    },
    async stepUp() {
      return { password: user.password };
    },
    async verifyEmail() {
      const { token, registration } = await accounts.signUpUnconfirmed();
      return { token, registration };
    },
    async changePassword() {
      return { currentPassword: changer.password, newPassword: changedPassword };
    },
    async confirmNewEmail() {
      return { token: await accounts.requestEmailChange(protect(await accounts.signUp())) };
    },
    async notMe() {
      return { token: await accounts.requestNotice(protect(await accounts.signUp())) };
    },
    async patchUser() {
      return { banned: true, banReason: "Spam", bannedUntil: "2099-01-01T00:00:00Z" };
    },
    async restoreAccount() {
      return { token: await accounts.requestRestoration(protect(await accounts.signUp())) };
    },
    async resetPassword() {
      const account = protect(await accounts.signUp());
      return { token: await accounts.requestPasswordReset(account), password: createPassword() };
    },
  };

  return {
    callers: {
      async credential(scheme, { operationId, roles, body }) {
        if (scheme === "sessionCookie") return jar.cookie(operationId);
        if (scheme === "cronSecret") return cronSecret;
        if (scheme.startsWith("webhook")) return sign(scheme, body);
        if (operationId === "changePassword") return signedInChanger.token();
        if (operationId in ending) return ending[operationId]?.();
        return (roles.length > 0 ? signedInAdmin : signedInUser).token();
      },
      storeCookies: jar.store,
    },
    validBody: async (operationId) => bodies[operationId]?.() ?? taskBodies[operationId]?.(),
    listedIds: (body) => idsOf(body, protectedEmails),
  };
}

/** Valid bodies without references, because random ones refer to tasks and projects that do not exist. */
const taskBodies: Record<string, () => unknown> = {
  createTask: () => ({ title: "Fuzzed", labels: [`Fuzzed ${uuidv7()}`] }),
  batchTasks: () => ({ operations: [{ op: "create", id: uuidv7(), task: { title: "Fuzzed" } }] }),
  patchTask: () => ({ title: "Fuzzed" }),
  putTask: () => ({ title: "Fuzzed" }),
  importTasks: () => ({ format: "csv", content: `title,labels\nFuzzed,Fuzzed ${uuidv7()}` }),
  moveTask: () => ({}),
  moveProject: () => ({}),
};

/** The ids of disposable accounts and of other devices' sessions, and the file name of a feed. */
function idsOf(body: unknown, protectedEmails: Set<string>): string[] {
  type Item = { id: string; email?: string; current?: boolean };
  type Read = { data?: Item[]; sessions?: Item[]; url?: string };
  const { data = [], sessions = [], url } = Object(body) as Read;
  const ids = [...data, ...sessions]
    .filter(({ email, current }) => !current && (email === undefined || !protectedEmails.has(email)))
    .map(({ id }) => id);
  return [...ids, ...(url === undefined ? [] : [url.slice(url.lastIndexOf("/") + 1)])];
}
