import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createLatchkey, type Latchkey, type OnStepUp } from "../src/index.js";
import { createFakeApi, credentials, type FakeApi, loginResponse, openTab, pathsOf } from "./fake-api.js";

const problem = (status: number, code: string) =>
  Response.json({ code, status, title: code, requestId: "request-1" }, { status });
const path = ({ url }: Request) => new URL(url).pathname;
const stepUp = "/api/auth/step-up";
const refresh = "/api/auth/refresh";
const password = "the right password";

/** An API that refuses every write until a step-up with the right password. */
function refuseWrites(api: FakeApi): void {
  let isProven = false;
  api.respond = async (request) => {
    if (path(request) === refresh) return Response.json(loginResponse());
    if (path(request) === "/api/auth/logout") return new Response(null, { status: 204 });
    if (path(request) !== stepUp) return isProven ? Response.json({}) : problem(401, "step-up-required");
    isProven = (await request.clone().json()).password === password;
    return isProven ? Response.json(loginResponse()) : problem(422, "wrong-password");
  };
}

async function openAskingTab(
  api: FakeApi,
  ask: (latchkey: Latchkey, signal: AbortSignal) => Promise<boolean>,
) {
  const onStepUp = vi.fn<OnStepUp>((signal) => ask(latchkey, signal));
  const latchkey: Latchkey = createLatchkey({ baseUrl: "http://api.test", fetch: api.fetch, onStepUp });
  onTestFinished(latchkey.close);
  await latchkey.signIn(credentials);
  api.requests.length = 0;
  return { latchkey, onStepUp };
}

const proveRightAway = async (latchkey: Latchkey) => {
  await latchkey.stepUp(password);
  return true;
};

const create = ({ api }: Latchkey, title = "Water the plants") => api.POST("/api/tasks", { body: { title } });
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "success",
    ({ code }) => code,
  );

/** A prompt that stays open until the test closes it. */
function createHeldPrompt() {
  let close: (isProven: boolean) => void = () => {};
  const signals: AbortSignal[] = [];
  const ask = (_: Latchkey, signal: AbortSignal) => {
    signals.push(signal);
    return new Promise<boolean>((resolve) => {
      close = resolve;
    });
  };
  return { ask, signals, close: (isProven: boolean) => close(isProven) };
}

describe("a request that is refused with step-up-required", () => {
  test("asks once, and is sent again with its body and its Idempotency-Key", async () => {
    const api = createFakeApi();
    refuseWrites(api);
    const { latchkey, onStepUp } = await openAskingTab(api, proveRightAway);
    expect((await create(latchkey)).response.status).toBe(200);
    expect(onStepUp).toHaveBeenCalledTimes(1);
    expect(pathsOf(api)).toEqual(["/api/tasks", refresh, "/api/tasks", stepUp, "/api/tasks"]);
    const attempts = api.requests.filter((request) => path(request) === "/api/tasks");
    const keys = attempts.map(({ headers }) => headers.get("idempotency-key"));
    expect(new Set(keys).size).toBe(1);
    const bodies = await Promise.all(attempts.map((request) => request.text()));
    expect(new Set(bodies)).toEqual(new Set([JSON.stringify({ title: "Water the plants" })]));
  });

  test("does not ask if a refresh brings the proof of another tab", async () => {
    const api = createFakeApi();
    const { latchkey, onStepUp } = await openAskingTab(api, proveRightAway);
    let hasProof = false;
    api.respond = (request) => {
      if (path(request) === refresh) hasProof = true;
      return hasProof ? Response.json(loginResponse()) : problem(401, "step-up-required");
    };
    expect((await create(latchkey)).response.status).toBe(200);
    expect(onStepUp).not.toHaveBeenCalled();
  });

  test("does not ask for the password of a session that has ended", async () => {
    const api = createFakeApi();
    const { latchkey, onStepUp } = await openAskingTab(api, proveRightAway);
    api.respond = (request) => problem(401, path(request) === refresh ? "session-ended" : "step-up-required");
    expect(await codeOf(create(latchkey))).toBe("session-ended");
    expect(latchkey.session.get()).toEqual({ state: "signed-out", reason: "session-ended" });
    expect(onStepUp).not.toHaveBeenCalled();
  });

  test("shares one prompt with the requests that are refused while it is open", async () => {
    const api = createFakeApi();
    refuseWrites(api);
    const { latchkey, onStepUp } = await openAskingTab(api, proveRightAway);
    const codes = await Promise.all(["one", "two", "three"].map((title) => codeOf(create(latchkey, title))));
    expect(codes).toEqual(["success", "success", "success"]);
    expect(onStepUp).toHaveBeenCalledTimes(1);
    expect(pathsOf(api).filter((name) => name === stepUp)).toHaveLength(1);
  });

  test("throws the refusal to every waiting request when the person cancels, and asks again next time", async () => {
    const api = createFakeApi();
    refuseWrites(api);
    const { latchkey, onStepUp } = await openAskingTab(api, async () => false);
    const calls = [create(latchkey), create(latchkey)];
    await expect(Promise.all(calls)).rejects.toMatchObject({
      code: "step-up-required",
      requestId: "request-1",
    });
    expect(await codeOf(create(latchkey))).toBe("step-up-required");
    expect(onStepUp).toHaveBeenCalledTimes(2);
    expect(latchkey.session.get().state).toBe("signed-in");
  });

  test("throws a second refusal instead of asking forever", async () => {
    const api = createFakeApi();
    const { latchkey, onStepUp } = await openAskingTab(api, proveRightAway);
    api.respond = (request) =>
      [refresh, stepUp].includes(path(request))
        ? Response.json(loginResponse())
        : problem(401, "step-up-required");
    expect(await codeOf(create(latchkey))).toBe("step-up-required");
    expect(onStepUp).toHaveBeenCalledTimes(1);
  });

  test("is thrown when the app does not ask, and stepUp then lets the app repeat it", async () => {
    const api = createFakeApi();
    refuseWrites(api);
    const latchkey = openTab(api);
    await latchkey.signIn(credentials);
    expect(await codeOf(create(latchkey))).toBe("step-up-required");
    await latchkey.stepUp(password);
    expect(await codeOf(create(latchkey))).toBe("success");
  });
});

describe("an open prompt", () => {
  test("is aborted by a sign-out in another tab, and its requests throw session-ended", async () => {
    const api = createFakeApi();
    refuseWrites(api);
    const held = createHeldPrompt();
    const { latchkey } = await openAskingTab(api, held.ask);
    const other = openTab(api);
    await other.signIn(credentials);
    const code = codeOf(create(latchkey));
    await vi.waitFor(() => expect(held.signals).toHaveLength(1));
    await other.signOut();
    expect(await code).toBe("session-ended");
    expect(held.signals[0]?.aborted).toBe(true);
  });

  test("is aborted by a sign-out in the same tab", async () => {
    const api = createFakeApi();
    refuseWrites(api);
    const held = createHeldPrompt();
    const { latchkey } = await openAskingTab(api, held.ask);
    const code = codeOf(create(latchkey));
    await vi.waitFor(() => expect(held.signals).toHaveLength(1));
    await latchkey.signOut();
    expect(await code).toBe("session-ended");
    expect(held.signals[0]?.aborted).toBe(true);
  });

  test("is aborted once no request waits for it, and not before", async () => {
    const api = createFakeApi();
    refuseWrites(api);
    const held = createHeldPrompt();
    const { latchkey } = await openAskingTab(api, held.ask);
    const [one, two] = [new AbortController(), new AbortController()];
    const calls = [one, two].map(({ signal }) =>
      latchkey.api.POST("/api/tasks", { body: { title: "Water the plants" }, signal }).catch(() => "aborted"),
    );
    await vi.waitFor(() => expect(pathsOf(api).filter((name) => name === "/api/tasks")).toHaveLength(4));
    await vi.waitFor(() => expect(held.signals).toHaveLength(1));
    one.abort();
    expect(await calls[0]).toBe("aborted");
    expect(held.signals[0]?.aborted).toBe(false);
    two.abort();
    expect(await calls[1]).toBe("aborted");
    expect(held.signals[0]?.aborted).toBe(true);
  });

  test("does not disturb other tabs, and is not aborted by a change of the account", async () => {
    const api = createFakeApi();
    refuseWrites(api);
    const held = createHeldPrompt();
    const { latchkey } = await openAskingTab(api, held.ask);
    const other = openTab(api);
    await other.signIn(credentials);
    const states: unknown[] = [];
    onTestFinished(other.session.subscribe((state) => states.push(state)));
    const code = codeOf(create(latchkey));
    await vi.waitFor(() => expect(held.signals).toHaveLength(1));
    await latchkey.stepUp(password);
    await latchkey.signIn(credentials);
    expect(held.signals[0]?.aborted).toBe(false);
    held.close(true);
    expect(await code).toBe("success");
    expect(states).toEqual([]);
  });
});

describe("stepUp", () => {
  test("throws wrong-password without a refresh, and keeps the session", async () => {
    const api = createFakeApi();
    refuseWrites(api);
    const { latchkey } = await openAskingTab(api, proveRightAway);
    expect(await codeOf(latchkey.stepUp("not the password"))).toBe("wrong-password");
    expect(pathsOf(api)).toEqual([stepUp]);
    expect(latchkey.session.get().state).toBe("signed-in");
  });

  test("signs out when the session has ended", async () => {
    const api = createFakeApi();
    const { latchkey } = await openAskingTab(api, proveRightAway);
    api.respond = () => problem(401, "session-ended");
    expect(await codeOf(latchkey.stepUp(password))).toBe("session-ended");
    expect(latchkey.session.get().state).toBe("signed-out");
  });

  test("keeps its token when an older refresh responds later", async () => {
    const api = createFakeApi();
    const { latchkey } = await openAskingTab(api, proveRightAway);
    let respondToRefresh = () => {};
    const refreshed = new Promise<void>((resolve) => {
      respondToRefresh = resolve;
    });
    const proven = { ...loginResponse(), accessToken: `${loginResponse().accessToken}-proven` };
    api.respond = async (request) => {
      if (path(request) === stepUp) return Response.json(proven);
      if (path(request) !== refresh) return problem(401, "unauthenticated");
      await refreshed;
      return Response.json(loginResponse());
    };
    const read = codeOf(latchkey.api.GET("/api/tasks"));
    await vi.waitFor(() => expect(pathsOf(api)).toContain(refresh));
    await latchkey.stepUp(password);
    respondToRefresh();
    await read;
    expect(api.requests.at(-1)?.headers.get("authorization")).toBe(`Bearer ${proven.accessToken}`);
  });

  test("throws session-ended if the user has signed out before its response", async () => {
    const api = createFakeApi();
    const { latchkey } = await openAskingTab(api, proveRightAway);
    const other = openTab(api);
    await other.signIn(credentials);
    let respond = () => {};
    const responded = new Promise<void>((resolve) => {
      respond = resolve;
    });
    api.respond = async (request) => {
      if (path(request) === stepUp) await responded;
      return Response.json(loginResponse());
    };
    const code = codeOf(latchkey.stepUp(password));
    await vi.waitFor(() => expect(pathsOf(api)).toContain(stepUp));
    await other.signOut();
    await vi.waitFor(() => expect(latchkey.session.get().state).toBe("signed-out"));
    respond();
    expect(await code).toBe("session-ended");
    expect(await codeOf(create(latchkey))).toBe("session-ended");
  });
});
