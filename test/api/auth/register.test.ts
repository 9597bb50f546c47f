import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emailLength, nameLength } from "../../../lib/auth/limits.js";
import type { Answer } from "../../stack/client.js";
import { goodPassword, newEmail, register, signUp, subjects } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const account = (email: string) => ({ email, name: "Ada Lovelace", password: goodPassword() });

/** All that a caller sees, except what differs between any two answers. */
function seen({ status, text, headers }: Answer) {
  const perRequest = ["date", "x-request-id", "x-vercel-id", "server-timing"];
  const lasting = [...headers].filter(([name]) => !perRequest.includes(name));
  return { status, text, headers: lasting, trips: headers.get("server-timing")?.split("desc=")[1] };
}

const rows = async () => {
  const [counts] = await stack.sql(
    "select (select count(*)::int from links) as links, (select count(*)::int from outbox) as outbox",
  );
  return { links: Number(counts?.["links"]), outbox: Number(counts?.["outbox"]) };
};

describe("POST /api/auth/register", () => {
  test("answers alike, and writes as many rows, whether the address is new, unconfirmed or confirmed", async () => {
    const known = await signUp(stack);
    const unconfirmed = await register(stack);
    const answers = [];
    for (const email of [newEmail(), unconfirmed.email, known.email]) {
      const before = await rows();
      answers.push(seen(await stack.client().post("/api/auth/register", account(email))));
      const after = await rows();
      expect({ links: after.links - before.links, outbox: after.outbox - before.outbox }).toEqual({
        links: 1,
        outbox: 1,
      });
    }
    expect(answers[0]?.status).toBe(202);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test("writes a notice without a link to a confirmed address, as it was first spelled, and changes nothing", async () => {
    const email = `Ada.${newEmail()}`;
    const ada = await signUp(stack, { email });
    const before = await stack.sql("select * from users where id = $1", [ada.id]);
    const again = { email: email.toUpperCase(), name: "Mallory", password: goodPassword() };
    expect((await stack.client().post("/api/auth/register", again)).status).toBe(202);

    const notice = await stack.mailbox.waitForMail(email, { subject: subjects.alreadyRegistered });
    expect(notice.to).toBe(email);
    expect(notice.text).not.toContain("#token=");
    expect(await stack.sql("select * from users where id = $1", [ada.id])).toEqual(before);
    expect(
      await stack.sql("select 1 from links where user_id = $1 and used_at is null", [ada.id]),
    ).toHaveLength(0);
    const guess = { email, password: again.password };
    expect((await stack.client().post("/api/auth/login", guess)).code).toBe("invalid-credentials");
  });

  test("trims the address and the name, and compares addresses without regard to case", async () => {
    const email = `Grace.${newEmail()}`;
    const { password } = await signUp(stack, { email, name: "  Grace Hopper\t" });
    const login = { email: ` ${email.toUpperCase()}\n`, password };
    const answer = await stack.client().post("/api/auth/login", login);
    expect(answer.json.user).toMatchObject({ email, name: "Grace Hopper" });
  });

  test(`takes an address of ${emailLength} characters around which there is space, and none of ${emailLength + 1}`, async () => {
    const domain = `${"d".repeat(60)}.${"e".repeat(60)}.${"f".repeat(60)}.example`;
    const unique = newEmail().replace(/\W/g, "").slice(0, 24);
    const ofLength = (length: number) => `${unique.padEnd(length - domain.length - 1, "x")}@${domain}`;
    expect(ofLength(emailLength)).toHaveLength(emailLength);

    const client = stack.client();
    const longest = account(` ${ofLength(emailLength)} `);
    expect((await client.post("/api/auth/register", longest)).status).toBe(202);
    const [row] = await stack.sql("select email from users where email = $1", [ofLength(emailLength)]);
    expect(row).toBeDefined();
    const tooLong = await client.post("/api/auth/register", account(ofLength(emailLength + 1)));
    expect(tooLong.status).toBe(422);
    expect(tooLong.json.errors).toMatchObject([{ pointer: "/email" }]);
  });

  const valid = account("somebody@example.com");
  test.each<[string, Record<string, unknown>, string]>([
    ["no address", { ...valid, email: undefined }, "/email"],
    ["an address without a domain", { ...valid, email: "somebody@" }, "/email"],
    ["two addresses", { ...valid, email: "a@example.com, b@example.com" }, "/email"],
    [
      "an address with a line break inside",
      { ...valid, email: "a@example.com\r\nBcc: b@example.com" },
      "/email",
    ],
    ["an address with a display name", { ...valid, email: "Ada <ada@example.com>" }, "/email"],
    ["a list as address", { ...valid, email: ["ada@example.com"] }, "/email"],
    ["no name", { ...valid, name: undefined }, "/name"],
    ["a name of spaces", { ...valid, name: " \u00a0 " }, "/name"],
    ["a name that nobody can see", { ...valid, name: "\u200b\u2060\u3164" }, "/name"],
    ["a name of two lines", { ...valid, name: "Ada\nLovelace" }, "/name"],
    ["a name with a line separator", { ...valid, name: "Ada\u2028Lovelace" }, "/name"],
    ["a name with NUL", { ...valid, name: "Ada\0" }, "/name"],
    ["a name with half a surrogate pair", { ...valid, name: "Ada \ud83d" }, "/name"],
    [`a name of ${nameLength + 1} characters`, { ...valid, name: "x".repeat(nameLength + 1) }, "/name"],
    ["no password", { ...valid, password: undefined }, "/password"],
    ["a number as password", { ...valid, password: 1234567890123 }, "/password"],
    ["a role", { ...valid, role: "admin" }, "/role"],
  ])("refuses %s by pointer", async (_what, body, pointer) => {
    const answer = await stack.client().post("/api/auth/register", body);
    expect(answer.code).toBe("invalid-request");
    const pointers = answer.json.errors.map((error: { pointer: string }) => error.pointer);
    expect([...new Set(pointers)]).toEqual([pointer]);
  });

  test(`takes a name of ${nameLength} characters around which there is space`, async () => {
    const name = "x".repeat(nameLength);
    const { email } = await register(stack, { name: ` ${name} ` });
    expect(await stack.sql("select name from users where email = $1", [email])).toEqual([{ name }]);
  });
});
