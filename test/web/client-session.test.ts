import { dataOf } from "@latchkey/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedRegistration } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { goodPassword, signUp, signUpAdmin, type TestUser } from "../stack/users.js";
import {
  advanceClock,
  almostExpiredSeconds,
  openSignedInTab,
  openTab,
  problemFrom,
  waitUntil,
} from "./client-tab.js";
import { createCookieJar, storeCookies } from "./cookie-jar.js";

let stack: Stack;
let ada: TestUser;
let grace: TestUser;

beforeAll(async () => {
  stack = await startStack();
  [ada, grace] = await Promise.all([signUp(stack), signUp(stack, { name: "Grace Hopper" })]);
});
afterAll(() => stack?.stop());

test("sign-in stores the user and authorizes requests", async () => {
  const { jar, latchkey } = await openSignedInTab(stack, ada);
  expect(latchkey.session.get()).toMatchObject({ state: "signed-in", user: { email: ada.email } });
  expect((await dataOf(latchkey.api.GET("/api/auth/me"))).id).toBe(ada.id);
  expect(jar.sent).toEqual(["GET /api/auth/me"]);
});

test("confirming an email signs in, in all tabs of the browser", async () => {
  const { email, token, registration } = await seedRegistration(stack);
  const jar = createCookieJar();
  const [latchkey, other] = [openTab(stack, jar), openTab(stack, jar)];
  await other.resume();
  const user = await latchkey.confirmEmail({ token, registration });
  expect(user.email).toBe(email);
  await waitUntil(() => other.session.get().state === "signed-in");
  expect(other.session.get()).toMatchObject({ user: { email } });
  expect((await dataOf(other.api.GET("/api/auth/me"))).id).toBe(user.id);
});

test("confirming an email in another browser throws password-required until a password is sent", async () => {
  const { email, token } = await seedRegistration(stack);
  const latchkey = openTab(stack, createCookieJar());
  const problem = await problemFrom(latchkey.confirmEmail({ token }));
  expect(problem).toMatchObject({ code: "password-required", email });
  expect((await latchkey.confirmEmail({ token, password: goodPassword() })).email).toBe(email);
});

test("resume finds the user by the cookie alone, with one lookup for all callers", async () => {
  const { jar } = await openSignedInTab(stack, ada);
  const latchkey = openTab(stack, jar);
  const [first, second] = await Promise.all([latchkey.resume(), latchkey.resume()]);
  expect(first?.email).toBe(ada.email);
  expect(second?.email).toBe(ada.email);
  expect(jar.sent).toEqual(["POST /api/auth/refresh", "GET /api/auth/me"]);
});

test("resume returns null in a browser without a cookie", async () => {
  const stranger = openTab(stack, createCookieJar());
  expect(await stranger.resume()).toBeNull();
  expect(stranger.session.get()).toEqual({ state: "signed-out", reason: "none" });
});

test("sign-out reaches the other tabs, which then send no further request", async () => {
  const { jar, latchkey } = await openSignedInTab(stack, ada);
  const other = openTab(stack, jar);
  await other.resume();
  await latchkey.signOut();
  await waitUntil(() => other.session.get().state === "signed-out");
  expect(other.session.get()).toEqual({ state: "signed-out", reason: "signed-out" });
  const sent = jar.sent.length;
  expect((await problemFrom(other.api.GET("/api/tasks"))).code).toBe("session-ended");
  expect(jar.sent.length).toBe(sent);
});

test("sign-in reaches the other tabs, which switch to the new user", async () => {
  const { jar, latchkey } = await openSignedInTab(stack, ada);
  const other = openTab(stack, jar);
  await other.resume();
  await latchkey.signIn({ email: grace.email, password: grace.password });
  const isGrace = () => {
    const session = other.session.get();
    return session.state === "signed-in" && session.user.id === grace.id;
  };
  await waitUntil(isGrace);
  expect(other.session.get()).toMatchObject({ user: { name: "Grace Hopper" } });
});

test("a tab that missed another user's sign-in sends nothing in that user's name", async () => {
  const { jar, latchkey } = await openSignedInTab(stack, ada);
  // Signs in without the client, so no tab hears of it.
  const login = await fetch(`${stack.origin}/api/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: grace.email, password: grace.password }),
  });
  storeCookies(jar.cookies, login);
  advanceClock(almostExpiredSeconds);
  const body = { title: "Ada's secret" };
  expect((await problemFrom(latchkey.api.POST("/api/tasks", { body }))).code).toBe("session-ended");
  expect(await stack.sql("select 1 from tasks where title = $1", [body.title])).toEqual([]);
  await waitUntil(() => latchkey.session.get().state === "signed-in");
  expect(latchkey.session.get()).toMatchObject({ user: { id: grace.id } });
});

test("a ban by an admin signs the tab out with the reason", async () => {
  const person = await signUp(stack);
  const { latchkey } = await openSignedInTab(stack, person);
  const admin = await signUpAdmin(stack);
  await admin.client.patch(`/api/admin/users/${person.id}`, { banned: true }, { token: admin.token });
  expect((await problemFrom(latchkey.api.GET("/api/tasks"))).status).toBe(401);
  expect(latchkey.session.get()).toEqual({ state: "signed-out", reason: "account-banned" });
});
