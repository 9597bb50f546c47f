import { expect, test } from "vitest";
import { createFakeApi, openSignedInTab, openTab } from "./fake-api.js";

test("throws the caller's own abort unchanged", async () => {
  const latchkey = await openSignedInTab(createFakeApi());
  const reason = new DOMException("The view was closed.", "AbortError");
  const call = latchkey.api.GET("/api/tasks", { signal: AbortSignal.abort(reason) });
  await expect(call).rejects.toHaveProperty("name", "AbortError");
});

test("stops waiting for an overloaded server when the caller aborts", async () => {
  const api = createFakeApi();
  const abort = new AbortController();
  const latchkey = openTab(api, () => setTimeout(() => abort.abort()));
  api.respond = () => new Response("", { status: 503, headers: { "retry-after": "10" } });
  const call = latchkey.api.GET("/api/health", { signal: abort.signal });
  await expect(call).rejects.toHaveProperty("name", "AbortError");
  expect(api.requests).toHaveLength(1);
});
