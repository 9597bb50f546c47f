import { expect } from "vitest";
import { sessionCookie } from "../../lib/auth/cookies.js";
import { agedToken, ageProofs } from "../stack/aged-token.js";
import { authEnv } from "../stack/seed.js";
import { goodPassword } from "../stack/users.js";
import { browserStep, isSignedIn } from "./command.js";
import {
  type Browser,
  endSession,
  endSessions,
  type ModelAccount,
  renewSession,
  startSession,
  tokenOf,
  type World,
} from "./world.js";

const nextOf = (browser: Browser, { browsers }: World): Browser =>
  browsers[(browsers.indexOf(browser) + 1) % browsers.length] ?? browser;

/** All browsers look alike, so one notice a day reports all unknown ones. */
function reportBrowser({ notices }: World, account: ModelAccount): void {
  if (!account.isBrowserReported) notices.push("new-device");
  account.isBrowserReported = true;
}

const signIn = browserStep("sign in", {
  async run(browser, world) {
    const { email, password, account } = world;
    const response = await browser.client.post("/api/auth/login", { email, password });
    if (!account || account.isClosed || account.isPasswordVoid) {
      expect(response.code).toBe("invalid-credentials");
      return;
    }
    if (account.isBanned) return expect(response.code).toBe("account-banned");
    expect(response.status).toBe(200);
    if (!browser.isKnownDevice) reportBrowser(world, account);
    startSession(world, browser, response);
  },
});

const guess = browserStep("guess the password", {
  async run({ client }, { email }) {
    const response = await client.post("/api/auth/login", { email, password: goodPassword() });
    expect([response.code, response.setCookies]).toEqual(["invalid-credentials", []]);
  },
});

const refresh = browserStep("refresh twice", {
  when: isSignedIn,
  async run(browser, world) {
    for (const _ of [1, 2]) {
      const response = await browser.client.post("/api/auth/refresh");
      expect(response.status).toBe(200);
      renewSession(world, browser, response);
    }
  },
});

/** A token older than the two newest can only be a copy. */
const reuse = browserStep("reuse an old refresh token", {
  when: ({ session }) => (session?.cookies.length ?? 0) > 2,
  async run(browser, world) {
    const cookie = `${sessionCookie.name(authEnv(world.stack))}=${browser.session?.cookies[0]}`;
    const response = await world.stack.client().post("/api/auth/refresh", undefined, { cookie });
    expect(response.code).toBe("session-ended");
    endSession(world, browser);
    world.events.push("refresh-token-reuse");
    world.notices.push("session-reuse");
  },
});

const signOut = browserStep("sign out", {
  when: isSignedIn,
  async run(browser, world) {
    expect((await browser.client.post("/api/auth/logout")).status).toBe(204);
    endSession(world, browser);
  },
});

const waitForOldProof = browserStep("let the proof get old", {
  when: isSignedIn,
  async run(browser, { stack, account, browsers }) {
    if (!account || !browser.session) throw new Error("needs a session");
    await ageProofs(stack, account);
    for (const { session } of browsers) if (session) session.isProofFresh = false;
    for (const { session } of browsers) if (session) session.token = await agedToken(stack, session.token);
  },
});

const stepUp = browserStep("step up", {
  when: isSignedIn,
  async run(browser, world) {
    const { client, session } = browser;
    const wrong = await client.post("/api/auth/step-up", { password: goodPassword() }, tokenOf(browser));
    expect(wrong.code).toBe("wrong-password");
    const response = await client.post("/api/auth/step-up", { password: world.password }, tokenOf(browser));
    expect(response.status).toBe(200);
    renewSession(world, browser, response);
    if (session) session.isProofFresh = true;
    world.events.push("step-up");
  },
});

/** The next browser's, so that another device ends it. */
const endOther = browserStep("end the session of another device", {
  when: (browser, world) => isSignedIn(browser) && isSignedIn(nextOf(browser, world)),
  async run(browser, world) {
    const target = nextOf(browser, world);
    const path = `/api/auth/sessions/${target.session?.id}`;
    expect((await browser.client.delete(path, tokenOf(browser))).status).toBe(204);
    endSession(world, target);
    world.events.push("session-ended");
  },
});

const endOthers = browserStep("end the other sessions", {
  when: isSignedIn,
  async run(browser, world) {
    const response = await browser.client.delete("/api/auth/sessions", tokenOf(browser));
    if (!browser.session?.isProofFresh) return expect(response.code).toBe("step-up-required");
    expect(response.status).toBe(204);
    const hasOthers = world.browsers.some((other) => other !== browser && other.session);
    endSessions(world, (other) => other !== browser);
    if (hasOthers) world.events.push("sessions-ended");
  },
});

const changePassword = browserStep("change the password", {
  when: isSignedIn,
  async run(browser, world) {
    const newPassword = goodPassword();
    const change = { currentPassword: world.password, newPassword };
    const response = await browser.client.post("/api/auth/change-password", change, tokenOf(browser));
    expect(response.status).toBe(200);
    world.password = newPassword;
    endSessions(world, (other) => other !== browser);
    const { session } = browser;
    if (!session) throw new Error("needs a session");
    session.cookies = [];
    session.isProofFresh = true;
    renewSession(world, browser, response);
    world.events.push("password-changed");
    world.notices.push("password-changed-signed-in");
  },
});

/** Many steps end sessions, so signing in has to be frequent. */
export const sessionSteps = [
  ...[signIn, signIn, signIn, signIn],
  guess,
  ...[refresh, refresh, refresh],
  ...[reuse, reuse],
  signOut,
  waitForOldProof,
  ...[stepUp, stepUp],
  endOther,
  endOthers,
  changePassword,
];
