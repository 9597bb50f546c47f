import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedRegistration } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, signIn, signUp, signUpAdmin, type TestUser } from "../../stack/users.js";
import { clearsCookie, cookieHeader, refreshWith } from "./cookies.js";
import { raceOnRows, userRow } from "./row-locks.js";

let stack: Stack;
let admin: TestUser;
beforeAll(async () => {
  stack = await startStack();
  admin = await signUpAdmin(stack);
});
afterAll(() => stack.stop());

const setBanned = async ({ id }: TestUser, banned: boolean) => {
  const response = await admin.client.patch(`/api/admin/users/${id}`, { banned }, { token: admin.token });
  expect(response.status).toBe(200);
};

const me = ({ client, token }: TestUser) => client.get("/api/auth/me", { token });

describe("a banned account", () => {
  test("gets account-banned for every token and at sign-in, and cannot refresh", async () => {
    const ada = await signUp(stack);
    const otherDevice = await signIn({ ...ada, client: stack.client() });
    await setBanned(ada, true);
    for (const person of [ada, otherDevice]) {
      expect((await me(person)).code).toBe("account-banned");
      expect((await person.client.get("/api/tasks", { token: person.token })).code).toBe("account-banned");
      const created = await person.client.post("/api/tasks", { title: "x" }, { token: person.token });
      expect(created.code).toBe("account-banned");
      const refreshed = await person.client.post("/api/auth/refresh");
      expect(refreshed.code).toBe("session-ended");
      expect(refreshed.setCookies).toEqual([]);
    }
    const { email, password } = ada;
    const login = await stack.client().post("/api/auth/login", { email, password });
    expect(login.code).toBe("account-banned");
    expect(login.setCookies).toEqual([]);
    const wrong = await stack.client().post("/api/auth/login", { email, password: goodPassword() });
    expect(wrong.code).toBe("invalid-credentials");
    expect(await stack.sql("select id from tasks where user_id = $1", [ada.id])).toEqual([]);
  });

  test("gets no new token when the ban was set directly in the database", async () => {
    const ada = await signUp(stack);
    await stack.sql("update users set banned_at = now() where id = $1", [ada.id]);
    expect((await ada.client.post("/api/auth/refresh")).code).toBe("session-ended");
    expect((await me(ada)).code).toBe("account-banned");
  });

  test("can still sign out", async () => {
    const ada = await signUp(stack);
    await setBanned(ada, true);
    const response = await ada.client.post("/api/auth/logout");
    expect(response.status).toBe(204);
    expect(clearsCookie(response)).toBe(true);
  });

  test("keeps its old sessions ended after the ban is lifted, and can sign in again", async () => {
    const ada = await signUp(stack);
    const cookie = cookieHeader(ada.client);
    await setBanned(ada, true);
    await setBanned(ada, false);
    expect((await me(ada)).code).toBe("session-ended");
    expect((await refreshWith(stack.client(), cookie)).code).toBe("session-ended");
    expect((await me(await signIn(ada))).status).toBe(200);
  });

  test.skipIf(!hasPostgres())(
    "has no live session after the ban races a sign-in, a confirmation and a refresh",
    async () => {
      for (let round = 0; round < 4; round += 1) {
        const { token: link, registration, ...person } = await seedRegistration(stack);
        const client = stack.client();
        const confirm = (by = stack.client()) =>
          by.post("/api/auth/verify-email", { token: link, registration });
        const { accessToken, user } = (await confirm(client)).json;
        const ada = { ...person, client, id: String(user.id), token: String(accessToken) };
        const { email, password } = ada;
        const [login, confirmation, refresh] = await raceOnRows(stack, userRow(email, 3), () =>
          Promise.all([
            stack.client().post("/api/auth/login", { email, password }),
            confirm(),
            ada.client.post("/api/auth/refresh"),
            setBanned(ada, true),
          ]),
        );
        for (const { status } of [login, confirmation]) expect([200, 401, 403]).toContain(status);
        expect([200, 401]).toContain(refresh.status);
        await setBanned(ada, false);
        const tokens = [login, confirmation, refresh].flatMap(({ json }) =>
          json.accessToken ? [json.accessToken] : [],
        );
        for (const token of [ada.token, ...tokens]) {
          expect((await me({ ...ada, token: String(token) })).code).toBe("session-ended");
        }
      }
    },
  );
});
