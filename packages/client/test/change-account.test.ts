import { expect, onTestFinished, test, vi } from "vitest";
import { createFakeApi, credentials, type FakeApi, openSignedInTab, openTab, pathsOf } from "./fake-api.js";

type Account = { id: string; name: string; updatedAt: string };

const older: Account = { id: "ada", name: "Ada", updatedAt: "2026-11-28T10:00:00.000Z" };
const newer: Account = { id: "ada", name: "Countess", updatedAt: "2026-11-28T10:00:01.000Z" };

const respondWith = (api: FakeApi, account: Account) => {
  api.respond = () => Response.json(account);
};

test("changeAccount shows the new account in this tab and in other tabs of the user", async () => {
  const api = createFakeApi();
  const [tab, other] = [await openSignedInTab(api), openTab(api)];
  await other.signIn(credentials);
  respondWith(api, newer);
  expect(await tab.changeAccount({ name: newer.name })).toEqual(newer);
  expect(tab.session.get()).toEqual({ state: "signed-in", user: newer });
  await vi.waitFor(() => expect(other.session.get()).toEqual({ state: "signed-in", user: newer }));
});

test("changeAccount keeps the name of a response that overtook it", async () => {
  const api = createFakeApi();
  const tab = await openSignedInTab(api);
  respondWith(api, newer);
  await tab.changeAccount({ name: newer.name });
  respondWith(api, older);
  await tab.changeAccount({ name: older.name });
  expect(tab.session.get()).toEqual({ state: "signed-in", user: newer });
});

test("changeAccount makes tabs without a session send nothing", async () => {
  const api = createFakeApi();
  const tab = await openSignedInTab(api);
  const visitor = createFakeApi();
  const states: unknown[] = [];
  onTestFinished(openTab(visitor).session.subscribe((session) => states.push(session)));
  respondWith(api, newer);
  await tab.changeAccount({ name: newer.name });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(pathsOf(visitor)).toEqual([]);
  expect(states).toEqual([]);
});
