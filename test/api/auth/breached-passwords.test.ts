import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type BreachApi, type BreachApiMode, startBreachApi } from "../../../dev/breach-api.js";
import { commonPasswords } from "../../../lib/auth/common-passwords.js";
import { breachCheckMs, budgets } from "../../../lib/auth/limits.js";
import { seedRegistration, seedResetLink, seedUser } from "../../stack/seed.js";
import { type Stack, startStack, startStackForTest } from "../../stack/stack.js";
import { goodPassword, newEmail } from "../../stack/users.js";
import { changePassword } from "./password-changes.js";

let api: BreachApi;
let stack: Stack;
beforeAll(async () => {
  api = await startBreachApi();
  stack = await startStack({ env: { PASSWORD_BREACH_URL: `${api.origin}/` } });
});
afterAll(async () => {
  await stack.stop();
  await api.stop();
});
afterEach(() => api.setMode("serve"));

const sha1 = (text: string) => createHash("sha1").update(text).digest("hex").toUpperCase();

function breachedPassword(): string {
  const password = goodPassword();
  api.reveal(password);
  return password;
}

const signUpAs = (email: string, password: string, { client = stack.client(), options = {} } = {}) =>
  client.post("/api/auth/register", { email, name: "Ada", password }, options);

/** Each operation at which someone chooses a password, and what must not change if it is refused. */
const operations = {
  async register() {
    const [email, client] = [newEmail(), stack.client()];
    return {
      choose: (password: string) => signUpAs(email, password, { client }),
      rows: () => stack.sql("select password_hash from registrations where email = $1", [email]),
    };
  },
  async "verify-email"() {
    const { email, token } = await seedRegistration(stack);
    const client = stack.client();
    return {
      choose: (password: string) => client.post("/api/auth/verify-email", { token, password }),
      rows: () => stack.sql("select id from users where email = $1", [email]),
    };
  },
  async "reset-password"() {
    const { id } = await seedUser(stack);
    const [token, client] = [await seedResetLink(stack, id), stack.client()];
    return {
      choose: (password: string) => client.post("/api/auth/reset-password", { token, password }),
      rows: () => stack.sql("select password_hash, session_epoch from users where id = $1", [id]),
    };
  },
  async "change-password"() {
    const person = await seedUser(stack);
    return {
      choose: (password: string) => changePassword(person, password),
      rows: () => stack.sql("select password_hash, session_epoch from users where id = $1", [person.id]),
    };
  },
};
const names = Object.keys(operations) as (keyof typeof operations)[];

const faultLines = (at = stack) => at.logs().filter(({ msg }) => msg === "breach-check");

describe.each(names)("POST /api/auth/%s", (name) => {
  // @proof breached-password-refused
  test("refuses a breached password, changes nothing, and then accepts another one", async () => {
    const { choose, rows } = await operations[name]();
    const before = await rows();
    const response = await choose(breachedPassword());
    expect(response.code).toBe("invalid-request");
    expect(response.json.errors).toMatchObject([
      {
        pointer: name === "change-password" ? "/newPassword" : "/password",
        message: expect.stringContaining("data breach"),
      },
    ]);
    expect(await rows()).toEqual(before);
    expect((await choose(goodPassword())).status).toBeLessThan(300);
    expect(await rows()).not.toEqual(before);
  });

  test("asks again when the API closes a kept connection", async () => {
    const { choose } = await operations[name]();
    api.setMode({ resets: 1 });
    expect((await choose(breachedPassword())).code).toBe("invalid-request");
  });

  test("refuses every Unicode spelling of a breached password", async () => {
    const { choose } = await operations[name]();
    const password = `caf\u00e9 ${goodPassword()}`;
    api.reveal(password);
    expect((await choose(password.normalize("NFD"))).code).toBe("invalid-request");
  });

  // @proof breach-padding-ignored
  test("accepts a password that is padding", async () => {
    const { choose } = await operations[name]();
    const password = goodPassword();
    api.reveal(password, 0);
    expect((await choose(password)).status).toBeLessThan(300);
  });

  // @proof breach-check-sends-prefix-only
  test("sends five digits of the hash, asks for padding, and sends no other data", async () => {
    const { choose } = await operations[name]();
    const password = goodPassword();
    const before = api.requests.length;
    await choose(password);
    const sent = api.requests.slice(before);
    expect(sent).toMatchObject([
      {
        method: "GET",
        url: `/range/${sha1(password).slice(0, 5)}`,
        body: "",
        headers: { "add-padding": "true" },
      },
    ]);
    const headers = Object.keys(sent[0]?.headers ?? {}).sort();
    expect(headers).toEqual(["add-padding", "connection", "host", "user-agent"]);
  });

  test("asks nothing about a password that another rule refuses", async () => {
    const { choose } = await operations[name]();
    const before = api.requests.length;
    const [common = ""] = commonPasswords;
    for (const password of [common, "Latchkey-2026!", "short"])
      expect((await choose(password)).code).toBe("invalid-request");
    expect(api.requests.length).toBe(before);
  });

  // @proof breach-check-fails-open
  test.each<[string, BreachApiMode, string]>([
    ["does not respond", "hang", "timeout"],
    ["does not finish its response", "stall", "timeout"],
    ["responds 503", { status: 503 }, "503"],
    ["closes two connections", { resets: 2 }, "ECONNRESET"],
    ["responds with a page", { body: "<html>Sign in to the Wi-Fi</html>" }, "not-a-range"],
  ])("accepts a breached password when the API %s, and logs one line", async (_case, mode, fault) => {
    const { choose } = await operations[name]();
    const password = breachedPassword();
    api.setMode(mode);
    const [linesBefore, startedAt] = [faultLines().length, performance.now()];
    const response = await choose(password);
    const ms = performance.now() - startedAt;
    expect(response.status).toBeLessThan(300);
    if (fault === "timeout") expect(ms).toBeGreaterThanOrEqual(breachCheckMs - 50);
    expect(ms).toBeLessThan(breachCheckMs + 4_000);
    const requestId = response.headers.get("x-request-id");
    await stack.waitForLog(({ msg, request_id }) => msg === "request" && request_id === requestId);
    expect(faultLines().slice(linesBefore)).toEqual([
      { level: "warn", msg: "breach-check", time: expect.any(String), request_id: requestId, fault },
    ]);
    const output = stack.output();
    expect(output).not.toContain(password);
    expect(output.toUpperCase()).not.toContain(sha1(password).slice(0, 10));
    expect(output).not.toContain("/range/");
  });

  // @proof breach-check-charges-budget
  test("charges a breached password, and asks nothing for a caller that the instance refuses", async () => {
    const { choose } = await operations[name]();
    expect((await choose(breachedPassword())).code).toBe("invalid-request");
    await stack.sql("update throttle set tat = now() + interval '1 day'");
    onTestFinished(() => stack.sql("delete from throttle").then(() => {}));
    expect((await choose(breachedPassword())).code).toBe("rate-limited");
    const before = api.requests.length;
    for (let i = 0; i < 3; i += 1) expect((await choose(goodPassword())).code).toBe("rate-limited");
    expect(api.requests.length).toBe(before);
  });
});

describe("POST /api/auth/register", () => {
  // @proof breached-password-reveals-no-account
  test("refuses a breached password alike for known and unknown addresses, and sends no email", async () => {
    const { email } = await seedUser(stack);
    const password = breachedPassword();
    const [known, unknown] = [await signUpAs(email, password), await signUpAs(newEmail(), password)];
    expect({ ...known.json, requestId: "" }).toEqual({ ...unknown.json, requestId: "" });
    expect(known.status).toBe(unknown.status);
    expect(await stack.mailbox.mails(email)).toEqual([]);
    expect(await stack.sql("select 1 from outbox where recipient = $1", [email])).toEqual([]);
  });

  test("does not charge the mailbox for a breached password", async () => {
    const email = newEmail();
    for (let i = 0; i <= budgets.emailByMailbox.burst; i += 1)
      expect((await signUpAs(email, breachedPassword())).code).toBe("invalid-request");
    expect((await signUpAs(email, goodPassword())).status).toBe(202);
    await stack.mailbox.waitForMail(email);
  });

  test("repeats its response to a request whose password was accepted while the API was down", async () => {
    const [email, password] = [newEmail(), breachedPassword()];
    const options = { headers: { "idempotency-key": "sign-up-1" } };
    api.setMode({ status: 503 });
    const first = await signUpAs(email, password, { options });
    api.setMode("serve");
    const second = await signUpAs(email, password, { options });
    expect(second).toMatchObject({ status: 202, json: { registration: first.json.registration } });
  });
});

describe("POST /api/auth/reset-password", () => {
  test("repeats its response to a password that was accepted while the API was down", async () => {
    const { id } = await seedUser(stack);
    const [token, password] = [await seedResetLink(stack, id), breachedPassword()];
    const reset = () => stack.client().post("/api/auth/reset-password", { token, password });
    api.setMode({ status: 503 });
    expect((await reset()).status).toBe(204);
    api.setMode("serve");
    expect((await reset()).status).toBe(204);
  });
});

describe("POST /api/auth/verify-email", () => {
  test("signs in to an account that exists with its password, although a breach has revealed it since", async () => {
    const { email, password } = await seedUser(stack);
    api.reveal(password);
    const { token } = await seedRegistration(stack, { email });
    const response = await stack.client().post("/api/auth/verify-email", { token, password });
    expect(response.status).toBe(200);
    api.reveal(password, 0);
  });
});

describe("POST /api/auth/login", () => {
  test("asks nothing about a password that is only checked", async () => {
    const { email, password } = await seedUser(stack);
    const before = api.requests.length;
    expect((await stack.client().post("/api/auth/login", { email, password })).status).toBe(200);
    expect(api.requests.length).toBe(before);
  });
});

describe("PASSWORD_BREACH_CHECK=off", () => {
  test("asks nothing and accepts a breached password", async () => {
    const other = await startStackForTest({ sharing: stack, env: { PASSWORD_BREACH_CHECK: "off" } });
    const before = api.requests.length;
    expect((await signUpAs(newEmail(), breachedPassword(), { client: other.client() })).status).toBe(202);
    expect(api.requests.length).toBe(before);
    expect(faultLines(other)).toEqual([]);
  });
});

describe("PASSWORD_BREACH_URL of a host that is down", () => {
  test("accepts passwords and logs the error code", async () => {
    const down = await startBreachApi();
    await down.stop();
    const other = await startStackForTest({ sharing: stack, env: { PASSWORD_BREACH_URL: down.origin } });
    expect((await signUpAs(newEmail(), goodPassword(), { client: other.client() })).status).toBe(202);
    expect(faultLines(other)).toMatchObject([{ fault: "ECONNREFUSED" }]);
  });
});
