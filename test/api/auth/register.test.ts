import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emailLength, nameLength, registrationSeconds } from "../../../lib/auth/limits.js";
import { type Stack, startStack } from "../../stack/stack.js";
import {
  emailedToken,
  emailedTokens,
  goodPassword,
  newEmail,
  register,
  signUp,
  subjects,
} from "../../stack/users.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const account = (email: string) => ({ email, name: "Ada Lovelace", password: goodPassword() });

describe("POST /api/auth/register", () => {
  test("returns a secret for the browser and emails a link, but creates no account", async () => {
    const { email, password, registration } = await register(stack);
    await emailedToken(stack, email, subjects.verify);
    expect(registration).toMatch(/^[\w-]{43,100}$/);
    expect(await stack.sql("select id from users where email = $1", [email])).toEqual([]);
    const login = await stack.client().post("/api/auth/login", { email, password });
    expect(login.code).toBe("invalid-credentials");
    expect(login.setCookies).toEqual([]);
  });

  test("keeps a sign-up for its configured lifetime, with a hash of the password", async () => {
    const { email, name } = await register(stack);
    const [row] = await stack.sql(
      `select name, user_id, password_hash, extract(epoch from expires_at - created_at)::int as seconds
         from registrations where email = $1`,
      [email],
    );
    expect(row).toEqual({
      name,
      user_id: null,
      password_hash: expect.stringMatching(/^\$argon2id\$/),
      seconds: registrationSeconds,
    });
  });

  test("deletes sign-ups that have expired, without a cron", async () => {
    const old = await register(stack);
    const young = await register(stack);
    const age =
      "update registrations set expires_at = expires_at - make_interval(secs => $1) where email = $2";
    await stack.sql(age, [registrationSeconds, old.email]);
    await stack.sql(age, [registrationSeconds - 60, young.email]);
    await register(stack);
    const kept = await stack.sql("select email from registrations where email = any($1)", [
      [old.email, young.email],
    ]);
    expect(kept).toEqual([{ email: young.email }]);
  });

  test("keeps every sign-up for an address, each with its own secret and link", async () => {
    const email = newEmail();
    const people = [await register(stack, { email }), await register(stack, { email: email.toUpperCase() })];
    expect(new Set(people.map(({ registration }) => registration)).size).toBe(2);
    expect(new Set(await emailedTokens(stack, email, subjects.verify, 2)).size).toBe(2);
  });

  test("sends a notice without a link to a confirmed address, as first spelled, and changes nothing", async () => {
    const email = `Ada.${newEmail()}`;
    const ada = await signUp(stack, { email });
    const before = await stack.sql("select * from users where id = $1", [ada.id]);
    const again = { email: email.toUpperCase(), name: "Mallory", password: goodPassword() };
    expect((await stack.client().post("/api/auth/register", again)).status).toBe(202);

    const notice = await stack.mailbox.waitForMail(email, { subject: subjects.alreadyRegistered });
    expect(notice.to).toBe(email);
    expect(notice.text).not.toContain("#token=");
    expect(await stack.sql("select * from users where id = $1", [ada.id])).toEqual(before);
    const guess = { email, password: again.password };
    expect((await stack.client().post("/api/auth/login", guess)).code).toBe("invalid-credentials");
  });

  test("trims the address and the name, and compares addresses case-insensitively", async () => {
    const email = `Grace.${newEmail()}`;
    const { password } = await signUp(stack, { email, name: "  Grace Hopper\t" });
    const login = { email: ` ${email.toUpperCase()}\n`, password };
    const response = await stack.client().post("/api/auth/login", login);
    expect(response.json.user).toMatchObject({ email, name: "Grace Hopper" });
  });

  test(`accepts a padded address of ${emailLength} characters and rejects one of ${emailLength + 1}`, async () => {
    const domain = `${"d".repeat(60)}.${"e".repeat(60)}.${"f".repeat(60)}.example`;
    const unique = newEmail().replace(/\W/g, "").slice(0, 24);
    const ofLength = (length: number) => `${unique.padEnd(length - domain.length - 1, "x")}@${domain}`;
    expect(ofLength(emailLength)).toHaveLength(emailLength);

    const client = stack.client();
    const longest = account(` ${ofLength(emailLength)} `);
    expect((await client.post("/api/auth/register", longest)).status).toBe(202);
    const [row] = await stack.sql("select from registrations where email = $1", [ofLength(emailLength)]);
    expect(row).toBeDefined();
    const tooLong = await client.post("/api/auth/register", account(ofLength(emailLength + 1)));
    expect(tooLong.status).toBe(422);
    expect(tooLong.json.errors).toMatchObject([{ pointer: "/email" }]);
  });

  const valid = account("ada@example.com");
  test.each<[string, Record<string, unknown>, string]>([
    ["no address", { ...valid, email: undefined }, "/email"],
    ["an address without a domain", { ...valid, email: "ada@" }, "/email"],
    ["two addresses", { ...valid, email: "a@example.com, b@example.com" }, "/email"],
    [
      "an address with an embedded line break",
      { ...valid, email: "a@example.com\r\nBcc: b@example.com" },
      "/email",
    ],
    ["an address with a display name", { ...valid, email: "Ada <ada@example.com>" }, "/email"],
    ["a list of addresses", { ...valid, email: ["ada@example.com"] }, "/email"],
    ["no name", { ...valid, name: undefined }, "/name"],
    ["a blank name", { ...valid, name: " \u00a0 " }, "/name"],
    ["an invisible name", { ...valid, name: "\u200b\u2060\u3164" }, "/name"],
    ["a name with a line break", { ...valid, name: "Ada\nLovelace" }, "/name"],
    ["a name with a line separator", { ...valid, name: "Ada\u2028Lovelace" }, "/name"],
    ["a name with a NUL character", { ...valid, name: "Ada\0" }, "/name"],
    ["a name with a lone surrogate", { ...valid, name: "Ada \ud83d" }, "/name"],
    [`a name of ${nameLength + 1} characters`, { ...valid, name: "x".repeat(nameLength + 1) }, "/name"],
    ["no password", { ...valid, password: undefined }, "/password"],
    ["a numeric password", { ...valid, password: 1234567890123 }, "/password"],
    ["a role", { ...valid, role: "admin" }, "/role"],
  ])("rejects %s with a pointer", async (_case, body, pointer) => {
    const response = await stack.client().post("/api/auth/register", body);
    expect(response.code).toBe("invalid-request");
    const pointers = response.json.errors.map((error: { pointer: string }) => error.pointer);
    expect([...new Set(pointers)]).toEqual([pointer]);
  });

  test(`accepts a padded name of ${nameLength} characters`, async () => {
    const name = "x".repeat(nameLength);
    const { email } = await register(stack, { name: ` ${name} ` });
    expect(await stack.sql("select name from registrations where email = $1", [email])).toEqual([{ name }]);
  });
});
