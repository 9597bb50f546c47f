import { afterEach, expect, test, vi } from "vitest";
import { createFakeApi, loginResponse, openSignedInTab, openTab } from "./fake-api.js";

afterEach(() => vi.unstubAllGlobals());

class BlockedChannel {
  constructor() {
    throw new DOMException("The operation is insecure.", "SecurityError");
  }
}

test.each([
  { name: "is missing", channel: undefined },
  { name: "is blocked", channel: BlockedChannel },
])("signs in and out where BroadcastChannel $name", async ({ channel }) => {
  vi.stubGlobal("BroadcastChannel", channel);
  const latchkey = await openSignedInTab(createFakeApi());
  expect(latchkey.session.get()).toMatchObject({ state: "signed-in" });
  await latchkey.signOut();
  expect(latchkey.session.get()).toEqual({ state: "signed-out", reason: "signed-out" });
});

test("looks up the user even if storage is blocked", async () => {
  vi.stubGlobal("localStorage", {
    getItem() {
      throw new DOMException("Access is denied for this document.", "SecurityError");
    },
    setItem() {
      throw new DOMException("Access is denied for this document.", "SecurityError");
    },
  });
  const api = createFakeApi();
  api.respond = ({ url }) => Response.json(url.endsWith("/refresh") ? loginResponse() : { id: "ada" });
  expect(await openTab(api).resume()).toEqual({ id: "ada" });
});
