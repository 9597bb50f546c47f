import { expect, test } from "vitest";
import { createFakeApi, loginResponse, openSignedInTab, openTab } from "./fake-api.js";

const confirmation = { token: "token-of-the-link", registration: "secret-of-the-browser" };

test("confirming an email signs in: later requests carry the token, without a refresh", async () => {
  const api = createFakeApi();
  api.respond = () => Response.json(loginResponse());
  const latchkey = openTab(api);
  expect(await latchkey.confirmEmail(confirmation)).toEqual({ id: "ada" });
  expect(latchkey.session.get()).toEqual({ state: "signed-in", user: { id: "ada" } });
  await latchkey.api.GET("/api/tasks");
  const [confirm, list, ...more] = api.requests;
  expect(await confirm?.json()).toEqual(confirmation);
  expect(list?.headers.get("authorization")).toBe(`Bearer ${loginResponse().accessToken}`);
  expect(more).toEqual([]);
});

test("throws `password-required` with the address of the link, and changes no session", async () => {
  const api = createFakeApi();
  api.respond = () => Response.json({ code: "password-required", email: "ada@example.com" }, { status: 422 });
  const latchkey = openTab(api);
  await expect(latchkey.confirmEmail({ token: "token-of-the-link" })).rejects.toMatchObject({
    code: "password-required",
    email: "ada@example.com",
  });
  expect(latchkey.session.get()).toEqual({ state: "unknown" });
});

test("a refused confirmation leaves a user of the same browser signed in", async () => {
  const api = createFakeApi();
  const latchkey = await openSignedInTab(api);
  api.respond = () => Response.json({ code: "invalid-link" }, { status: 400 });
  await expect(latchkey.confirmEmail(confirmation)).rejects.toMatchObject({ code: "invalid-link" });
  expect(latchkey.session.get()).toEqual({ state: "signed-in", user: { id: "ada" } });
});
