import { expect } from "vitest";
import { issueLinkToken } from "../../lib/auth/link-token.js";
import { issueRegistrationSecret } from "../../lib/auth/registration-secret.js";
import { goodPassword } from "../stack/users.js";
import { type BrowserRules, browserStep, stepIn } from "./command.js";
import { accountOf, endSessions, newestLink, ringOf, startSession, type World } from "./world.js";

/** The mailbox of a closed account gets the link that restores it, whatever someone requests for the address. */
function tellMailbox({ account, notices }: World, kind: "already-registered" | "reset-password"): void {
  if (account) notices.push(account.isClosed ? "account-closed" : kind);
}

const register: BrowserRules = {
  async run({ client }, world) {
    const { email, password } = world;
    const response = await client.post("/api/auth/register", { email, password, name: "Ada Lovelace" });
    expect(response.status).toBe(202);
    tellMailbox(world, "already-registered");
  },
};

/** The link of the newest sign-up, in another browser and in the one that signed up. */
const confirm: BrowserRules = {
  when: (_, { account }) => account === null,
  async run(browser, world) {
    const { stack, email } = world;
    const [row] = await stack.sql("select id from registrations where email = $1 order by created_at desc", [
      email,
    ]);
    if (!row) return;
    const id = String(row["id"]);
    const token = issueLinkToken(ringOf(world), "verify-email", id);
    const registration = issueRegistrationSecret(ringOf(world), id);
    const foreign = await stack.client().post("/api/auth/verify-email", { token });
    expect(foreign.code).toBe("password-required");
    const response = await browser.client.post("/api/auth/verify-email", { token, registration });
    expect(response.status).toBe(200);
    startSession(world, browser, response);
  },
};

const forgot = browserStep("forget the password", {
  async run({ client }, world) {
    expect((await client.post("/api/auth/forgot-password", { email: world.email })).status).toBe(202);
    tellMailbox(world, "reset-password");
  },
});

const reset = browserStep("set a new password with the newest link", {
  when: (_, { account }) => account !== null,
  async run({ client }, world) {
    const link = await newestLink(world, "reset-password");
    if (!link) return;
    const { token } = link;
    const password = goodPassword();
    const response = await client.post("/api/auth/reset-password", { token, password });
    if (link.isUsed || accountOf(world).isClosed) return expect(response.code).toBe("invalid-link");
    expect(response.status).toBe(204);
    world.password = password;
    accountOf(world).isPasswordVoid = false;
    endSessions(world);
    world.events.push("password-reset");
    world.notices.push("password-changed");
    const repeated = await client.post("/api/auth/reset-password", { token, password: goodPassword() });
    expect(repeated.code).toBe("invalid-link");
  },
});

const signUp = "sign up";
const confirmation = "confirm the address";

export const mailboxSteps = [
  browserStep(signUp, register),
  browserStep(confirmation, confirm),
  forgot,
  reset,
];

/** The first steps of a life. */
export const beginnings = {
  signUp: [stepIn(0, signUp, register)],
  confirm: [stepIn(0, signUp, register), stepIn(0, confirmation, confirm)],
};
