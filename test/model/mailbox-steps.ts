import { expect } from "vitest";
import { issueLinkToken } from "../../lib/auth/link-token.js";
import { issueRegistrationSecret } from "../../lib/auth/registration-secret.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { authEnv } from "../stack/seed.js";
import { goodPassword } from "../stack/users.js";
import { browserStep } from "./command.js";
import { endSessions, newestLink, startSession, type World } from "./world.js";

const ringOf = ({ stack }: World) => keyRing(authEnv(stack).AUTH_SECRET);

const register = browserStep("sign up", {
  async run({ client }, world) {
    const { email, password, account, notices } = world;
    const response = await client.post("/api/auth/register", { email, password, name: "Ada Lovelace" });
    expect(response.status).toBe(202);
    if (account) notices.push("already-registered");
  },
});

/** A sign-up may have come from any browser. Only the newest link is followed. */
const confirm = browserStep("confirm the address", {
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
});

const forgot = browserStep("forget the password", {
  async run({ client }, { email, account, notices }) {
    expect((await client.post("/api/auth/forgot-password", { email })).status).toBe(202);
    if (account) notices.push("reset-password");
  },
});

const reset = browserStep("set a new password with the newest link", {
  when: (_, { account }) => account !== null,
  async run({ client }, world) {
    const id = await newestLink(world, "reset-password");
    if (!id) return;
    const token = issueLinkToken(ringOf(world), "reset-password", id);
    const [link] = await world.stack.sql("select used_at from links where id = $1", [id]);
    const password = goodPassword();
    const response = await client.post("/api/auth/reset-password", { token, password });
    if (link?.["used_at"]) return expect(response.code).toBe("invalid-link");
    expect(response.status).toBe(200);
    world.password = password;
    endSessions(world);
    world.events.push("password-reset");
    world.notices.push("password-changed");
    const repeated = await client.post("/api/auth/reset-password", { token, password: goodPassword() });
    expect(repeated.code).toBe("invalid-link");
  },
});

export const mailboxSteps = [register, confirm, confirm, forgot, reset];
