import { expect } from "vitest";
import { issueLinkToken } from "../../lib/auth/link-token.js";
import { kindsWithNotMe } from "../../lib/mail/kinds.js";
import { newEmail } from "../stack/users.js";
import { browserStep, isSignedIn } from "./command.js";
import { accountOf, endSessions, forgetBrowsers, newestLink, ringOf, tokenOf, type World } from "./world.js";

const hasAccount = (_: unknown, { account }: World) => account !== null;

const requestChange = browserStep("ask for another address", {
  when: isSignedIn,
  async run(browser, world) {
    const { notices, events } = world;
    const change = { email: newEmail() };
    const response = await browser.client.post("/api/auth/change-email", change, tokenOf(browser));
    if (!browser.session?.isProofFresh) return expect(response.code).toBe("step-up-required");
    if (accountOf(world).isFrozen) return expect(response.code).toBe("email-change-frozen");
    expect(response.status).toBe(202);
    events.push("email-change-requested");
    notices.push("confirm-email", "email-change-requested");
  },
});

const confirmChange = browserStep("confirm the newest address", {
  when: hasAccount,
  async run({ client }, world) {
    const link = await newestLink(world, "change-email");
    if (!link) return;
    const { isBanned, isClosed, previousEmails } = accountOf(world);
    const response = await client.post("/api/auth/confirm-email", { token: link.token });
    const isRepeated = link.isUsed && link.email === world.email;
    if (isBanned || isClosed || (link.isUsed && !isRepeated)) {
      expect(response.code).toBe("invalid-link");
      return;
    }
    expect(response.status).toBe(200);
    if (isRepeated) return;
    previousEmails.push(world.email);
    world.email = String(link.email);
    forgetBrowsers(world);
    world.events.push("email-changed");
    world.notices.push("email-changed", "email-changed");
  },
});

/** The newest notice of any mailbox: the owner's, or that of a thief who has changed the address. */
const notMe = browserStep("choose “This wasn't me”", {
  when: hasAccount,
  async run({ client }, world) {
    const account = accountOf(world);
    const [notice] = await world.stack.sql(
      `select outbox.id, outbox.created_at > coalesce(users.devices_valid_from, '-infinity') as is_new
         from outbox join users on users.id = outbox.user_id
        where users.id = $1 and outbox.kind = any($2) and outbox.recipient is not null
        order by outbox.created_at desc limit 1`,
      [account.id, kindsWithNotMe],
    );
    if (!notice) return;
    const token = issueLinkToken(ringOf(world), "not-me", String(notice["id"]));
    const response = await client.post("/api/auth/not-me", { token });
    expect([response.status, response.json.repeated]).toEqual([200, !notice["is_new"]]);
    if (!notice["is_new"]) return;
    world.email = account.previousEmails[0] ?? world.email;
    account.previousEmails = [];
    account.isPasswordVoid = true;
    account.isFrozen = true;
    account.isClosed = false;
    account.isBrowserReported = false;
    forgetBrowsers(world);
    endSessions(world);
    world.events.push("not-me");
    world.notices.push("account-secured");
    expect((await client.post("/api/auth/not-me", { token })).json.repeated).toBe(true);
  },
});

const close = browserStep("close the account", {
  when: isSignedIn,
  async run(browser, world) {
    const response = await browser.client.delete("/api/auth/me", tokenOf(browser));
    if (!browser.session?.isProofFresh) return expect(response.code).toBe("step-up-required");
    expect(response.status).toBe(202);
    accountOf(world).isClosed = true;
    endSessions(world);
    world.events.push("account-closed");
    world.notices.push("account-closed");
  },
});

const restore = browserStep("restore the account", {
  when: hasAccount,
  async run({ client }, world) {
    const account = accountOf(world);
    const link = await newestLink(world, "restore-account");
    if (!link) return;
    const response = await client.post("/api/auth/restore", { token: link.token });
    expect(response.status).toBe(200);
    if (!account.isClosed) return;
    account.isClosed = false;
    world.events.push("account-restored");
    world.notices.push("account-restored");
  },
});

export const ownerSteps = [requestChange, requestChange, confirmChange, notMe, close, restore];
