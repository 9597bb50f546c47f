import { createHmac, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keyRing } from "../../../lib/auth/keys.js";
import { issueLinkToken } from "../../../lib/auth/link-token.js";
import { seal, uuidBytes } from "../../../lib/auth/opaque-token.js";
import { sessionCookie } from "../../../lib/auth/session-cookie.js";
import { goodPassword, logIn, mailedToken, type Person, signUp, subjects } from "../../stack/people.js";
import { identityOf } from "../../stack/planted.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { cookieValue } from "../auth/cookies.js";

let stack: Stack;
let ada: Person;
/** What must not be in the dump, by what it is. */
const secrets = new Map<string, string>();
/** Every table as text, and every single value of it. */
let dump: string;
let values: string[];

const title = `Water the plants ${randomUUID()}`;

beforeAll(async () => {
  stack = await startStack();
  const person = await signUp(stack);
  secrets.set("cookie of a session that ended", cookieValue(person.client));
  ada = await logIn(person);
  secrets.set("cookie", cookieValue(ada.client));
  await ada.client.post("/api/auth/refresh");
  secrets.set("rotated cookie", cookieValue(ada.client));
  secrets.set("access token", ada.token);
  secrets.set("password", ada.password);
  await ada.client.post("/api/auth/forgot-password", { email: ada.email });
  secrets.set("open link", await mailedToken(stack, ada.email, subjects.reset));
  const key = `key-${randomUUID()}`;
  secrets.set("idempotency key", key);
  await ada.client.post("/api/tasks", { title }, { token: ada.token, headers: { "idempotency-key": key } });
  for (const name of ["AUTH_SECRET", "CRON_SECRET", "RESEND_API_KEY"])
    secrets.set(name, String(stack.env[name]));
  values = await everyValue();
  dump = values.join("\n");
});
afterAll(() => stack.stop());

async function everyValue(): Promise<string[]> {
  const tables = await stack.sql(
    "select table_schema || '.' || table_name as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')",
  );
  const rows = await Promise.all(
    tables.map(({ name }) => stack.sql(`select value from ${name} as t, jsonb_each_text(to_jsonb(t))`)),
  );
  return rows.flat().flatMap(({ value }) => (value === null ? [] : [String(value)]));
}

/** What is secret about a token is its last 32 bytes; a dump could have them in any spelling. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret, "base64url");
  const tail = bytes.subarray(-32);
  const utf8 = Buffer.from(secret);
  return [
    secret,
    ...[bytes, tail, utf8].flatMap((part) => [
      part.toString("hex"),
      part.toString("base64").replace(/=+$/, ""),
      part.toString("base64url"),
    ]),
  ];
}

const uuids = () => [...new Set(dump.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g))];

/** Tokens over `payload` as somebody could make them who has the dump and the source, but no key. */
function forgeries(payload: Buffer, ...parts: (string | Buffer)[]): string[] {
  const material = parts.concat(payload).map((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(part));
    return Buffer.concat([length, Buffer.from(part)]);
  });
  const keys = ["", "latchkey refresh token v1", "latchkey link v1", ...values.filter((v) => v.length > 20)];
  return keys.map((key) => seal(payload, createHmac("sha256", key).update(Buffer.concat(material)).digest()));
}

describe("who has a dump of the database", () => {
  test("finds no password, token, secret or key in it, in any spelling", () => {
    expect(secrets.size).toBe(10);
    for (const [what, secret] of secrets) {
      for (const spelling of spellings(secret)) expect(dump.includes(spelling), what).toBe(false);
    }
  });

  test("can read addresses, names and tasks: they are not encrypted", () => {
    for (const known of [ada.email, ada.name, title]) expect(values).toContain(known);
  });

  test("can make no cookie of it that is a session", async () => {
    const name = sessionCookie.name(identityFor());
    const { requests } = await stack.neon.stats(stack.databaseName);
    for (const id of uuids()) {
      const payload = Buffer.concat([Buffer.from([1]), uuidBytes(id), Buffer.from([0, 0, 0, 1])]);
      const plain = [id, uuidBytes(id).toString("base64url"), seal(payload, Buffer.alloc(32))];
      for (const token of [...plain, ...forgeries(payload).slice(0, 12)]) {
        const answer = await stack
          .client()
          .post("/api/auth/refresh", undefined, { cookie: `${name}=${token}` });
        expect(answer.code).toBe("session-ended");
      }
    }
    expect((await stack.neon.stats(stack.databaseName)).requests, "all were refused unseen").toBe(requests);
  });

  test("can make no link of it that sets a password", async () => {
    const [{ id: link } = {}] = await stack.sql(
      "select id from links where purpose = 'reset-password' and used_at is null",
    );
    const payload = uuidBytes(String(link));
    const plain = [String(link), payload.toString("base64url"), seal(payload, Buffer.alloc(32))];
    const made = [...plain, ...forgeries(payload, "reset-password")];
    const real = issueLinkToken(keyRing(identityOf(stack).AUTH_SECRET), "reset-password", String(link));
    expect(made).not.toContain(real);
    expect(made.map((token) => token.length)).toContain(real.length);
    for (const token of made) {
      const json = { token, password: goodPassword() };
      expect((await stack.client().post("/api/auth/reset-password", json)).code).toBe("invalid-link");
    }
    const json = { token: real, password: goodPassword() };
    expect((await stack.client().post("/api/auth/reset-password", json)).status, "with the key").toBe(204);
  });

  test("can log in with nothing that it holds: a hash is no password", async () => {
    const texts = [...new Set(values)].filter(
      (value) => value.length >= 8 && !/^[\da-f]{8}-|^\d{4}-/.test(value),
    );
    expect(texts.filter((text) => text.startsWith("$argon2id$"))).not.toEqual([]);
    for (const password of texts) {
      await stack.sql("delete from throttle");
      const answer = await stack.client().post("/api/auth/login", { email: ada.email, password });
      expect(answer.code, password).toBe("invalid-credentials");
    }
  });
});

const identityFor = () => ({ ...identityOf(stack), COOKIE_SAMESITE: undefined });
