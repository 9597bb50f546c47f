import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Latchkey } from "../src/index.js";
import { requestSeconds } from "../src/transport.js";
import {
  createFakeApi,
  credentials,
  type FakeApi,
  loginResponse,
  openSignedInTab,
  openTab,
} from "./fake-api.js";

const changes = [
  { name: "signIn", path: "/api/auth/login", change: (tab: Latchkey) => tab.signIn(credentials) },
  {
    name: "confirmEmail",
    path: "/api/auth/verify-email",
    change: (tab: Latchkey) => tab.confirmEmail({ token: "token" }),
  },
  { name: "signOut", path: "/api/auth/logout", change: (tab: Latchkey) => tab.signOut() },
];

const refreshesOf = ({ requests }: FakeApi) =>
  requests.filter(({ url }) => url.endsWith("/api/auth/refresh"));

/** Makes every token look expired, and leaves the first refresh without a response. */
function loseFirstRefresh(api: FakeApi): void {
  const now = Date.now.bind(Date);
  const spy = vi.spyOn(Date, "now").mockImplementation(() => now() + 3_600_000);
  onTestFinished(() => spy.mockRestore());
  api.respond = (request) =>
    request === refreshesOf(api)[0] ? new Promise<never>(() => {}) : Response.json(loginResponse());
}

/** Starts a request that waits for a refresh. */
async function startRequest(api: FakeApi, tab: Latchkey) {
  const count = refreshesOf(api).length;
  const call = tab.api.GET("/api/tasks");
  const outcome = call.then(
    () => "sent",
    (error) => error.code,
  );
  await vi.waitFor(() => expect(refreshesOf(api)).toHaveLength(count + 1));
  return { outcome };
}

/** Holds responses at a path until the first refresh has been aborted. */
function awaitAbort(api: FakeApi, path: string): void {
  const send = api.fetch;
  api.fetch = async (request) => {
    const [refresh] = refreshesOf(api);
    if (refresh && request.url.endsWith(path)) await vi.waitUntil(() => refresh.signal.aborted);
    return send(request);
  };
}

describe.each(changes)("$name", ({ path, change }) => {
  test("aborts a refresh of this tab before it sends its request", async () => {
    const api = createFakeApi();
    const tab = await openSignedInTab(api);
    loseFirstRefresh(api);
    const { outcome } = await startRequest(api, tab);
    const [refresh] = refreshesOf(api);
    let wasAborted: boolean | undefined;
    api.respond = (request) => {
      if (request.url.endsWith(path)) wasAborted = refresh?.signal.aborted;
      return Response.json(loginResponse());
    };
    await change(tab);
    // The fake API responds to sign-ins without `respond`.
    expect(wasAborted ?? refresh?.signal.aborted).toBe(true);
    expect(await outcome).toBe("session-ended");
  });

  test("aborts a refresh of another tab before it ends", async () => {
    const api = createFakeApi();
    awaitAbort(api, path);
    const tab = await openSignedInTab(api);
    loseFirstRefresh(api);
    const { outcome } = await startRequest(api, tab);
    await change(openTab(api));
    expect(refreshesOf(api)[0]?.signal.aborted).toBe(true);
    expect(await outcome).toBe(path.endsWith("logout") ? "session-ended" : "sent");
  });
});

describe("a sign-in of another tab", () => {
  test("holds new refreshes back until it has settled", async () => {
    const api = createFakeApi();
    const tab = await openSignedInTab(api);
    loseFirstRefresh(api);
    const channel = openChannel();
    const { outcome } = await startRequest(api, tab);
    channel.postMessage({ type: "change-begun", id: "one" });
    channel.postMessage({ type: "change-begun", id: "two" });
    channel.postMessage({ type: "change-settled", id: "one" });
    await vi.waitUntil(() => refreshesOf(api)[0]?.signal.aborted);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(refreshesOf(api)).toHaveLength(1);
    channel.postMessage({ type: "change-settled", id: "two" });
    expect(await outcome).toBe("sent");
    expect(refreshesOf(api)).toHaveLength(2);
    expect(tab.session.get().state).toBe("signed-in");
  });

  test("whose tab closes delays requests for no longer than the deadline of a request", async () => {
    const api = createFakeApi();
    const tab = await openSignedInTab(api);
    loseFirstRefresh(api);
    const { outcome } = await startRequest(api, tab);
    const setTimer = vi.spyOn(globalThis, "setTimeout");
    onTestFinished(() => setTimer.mockRestore());
    openChannel().postMessage({ type: "change-begun", id: "lost" });
    const isDeadline = ([, ms]: unknown[]) => ms === requestSeconds * 1000;
    await vi.waitUntil(() => setTimer.mock.calls.some(isDeadline));
    const giveUp = setTimer.mock.calls.find(isDeadline)?.[0];
    giveUp?.();
    expect(await outcome).toBe("sent");
  });
});

function openChannel(): BroadcastChannel {
  const channel = new BroadcastChannel("latchkey http://api.test");
  onTestFinished(() => channel.close());
  return channel;
}
