import { createHmac, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { issueLinkToken } from "../../../lib/auth/link-token.js";
import { sessionCookie } from "../../../lib/auth/session-cookie.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import { seal, uuidBytes } from "../../../lib/crypto/sealed-token.js";
import { authEnv } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, goodPassword, signIn, signUp, subjects, type TestUser } from "../../stack/users.js";
import { cookieValue } from "../auth/cookies.js";

let stack: Stack;
let ada: TestUser;
/** Values that the dump must not contain, by name. */
const secrets = new Map<string, string>();
/** Every value of every table, as one text and one by one. */
let dump: string;
let values: string[];

const title = `Water the plants ${randomUUID()}`;

beforeAll(async () => {
  stack = await startStack();
  const person = await signUp(stack);
  secrets.set("cookie of a session that ended", cookieValue(person.client));
  ada = await signIn(person);
  secrets.set("cookie", cookieValue(ada.client));
  await ada.client.post("/api/auth/refresh");
  secrets.set("rotated cookie", cookieValue(ada.client));
  secrets.set("access token", ada.token);
  secrets.set("password", ada.password);
  await ada.client.post("/api/auth/forgot-password", { email: ada.email });
  secrets.set("open link", await emailedToken(stack, ada.email, subjects.reset));
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

/** The last 32 bytes of a token are its secret. A dump could hold them in any encoding. */
function encodings(secret: string): string[] {
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

/** Tokens over `payload` that an attacker could make with the dump and the source, but without a key. */
function forgeries(payload: Buffer, ...parts: (string | Buffer)[]): string[] {
  const material = parts.concat(payload).map((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(part));
    return Buffer.concat([length, Buffer.from(part)]);
  });
  const keys = ["", "latchkey refresh token v1", "latchkey link v1", ...values.filter((v) => v.length > 20)];
  return keys.map((key) => seal(payload, createHmac("sha256", key).update(Buffer.concat(material)).digest()));
}

describe("an attacker with a dump of the database", () => {
  // @proof dump-holds-no-secret
  test("finds no password, token, secret or key in it, in any encoding", () => {
    expect(secrets.size).toBe(10);
    for (const [name, secret] of secrets) {
      for (const encoding of encodings(secret)) expect(dump.includes(encoding), name).toBe(false);
    }
  });

  // @proof dump-reveals-personal-data
  test("can read addresses, names and tasks, which are not encrypted", () => {
    for (const known of [ada.email, ada.name, title]) expect(values).toContain(known);
  });

  // @proof dump-cannot-continue-session
  test("cannot forge a cookie that POST /api/auth/refresh accepts", async () => {
    const name = sessionCookie.name(authEnv(stack));
    const { requests } = await stack.neon.stats(stack.databaseName);
    for (const id of uuids()) {
      const payload = Buffer.concat([Buffer.from([1]), uuidBytes(id), Buffer.from([0, 0, 0, 1])]);
      const plain = [id, uuidBytes(id).toString("base64url"), seal(payload, Buffer.alloc(32))];
      for (const token of [...plain, ...forgeries(payload).slice(0, 12)]) {
        const response = await stack
          .client()
          .post("/api/auth/refresh", undefined, { cookie: `${name}=${token}` });
        expect(response.code).toBe("session-ended");
      }
    }
    expect((await stack.neon.stats(stack.databaseName)).requests, "each is rejected without a query").toBe(
      requests,
    );
  });

  // @proof dump-cannot-forge-link
  test("cannot forge a link that POST /api/auth/reset-password accepts", async () => {
    const [{ id: link } = {}] = await stack.sql(
      "select id from links where purpose = 'reset-password' and used_at is null",
    );
    const payload = uuidBytes(String(link));
    const plain = [String(link), payload.toString("base64url"), seal(payload, Buffer.alloc(32))];
    const forged = [...plain, ...forgeries(payload, "reset-password")];
    const real = issueLinkToken(keyRing(authEnv(stack).AUTH_SECRET), "reset-password", String(link));
    expect(forged).not.toContain(real);
    expect(forged.map((token) => token.length)).toContain(real.length);
    for (const token of forged) {
      const json = { token, password: goodPassword() };
      expect((await stack.client().post("/api/auth/reset-password", json)).code).toBe("invalid-link");
    }
    const json = { token: real, password: goodPassword() };
    expect((await stack.client().post("/api/auth/reset-password", json)).status, "with the key").toBe(204);
  });

  // @proof dump-cannot-sign-in
  test("cannot sign in with any stored value, because a hash is not a password", async () => {
    const texts = [...new Set(values)].filter(
      (value) => value.length >= 8 && !/^[\da-f]{8}-|^\d{4}-/.test(value),
    );
    expect(texts.filter((text) => text.startsWith("$argon2id$"))).not.toEqual([]);
    for (const password of texts) {
      await stack.sql("delete from throttle");
      const response = await stack.client().post("/api/auth/login", { email: ada.email, password });
      expect(response.code, password).toBe("invalid-credentials");
    }
  });
});
