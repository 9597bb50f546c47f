import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sessionCookie } from "../../../lib/auth/cookies.js";
import { issueLinkToken } from "../../../lib/auth/link-token.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import { seal, uuidBytes } from "../../../lib/crypto/sealed-token.js";
import { authEnv, type SeededRegistration, seedRegistration } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import {
  emailedToken,
  goodPassword,
  register,
  signIn,
  signUp,
  subjects,
  type TestUser,
} from "../../stack/users.js";
import { cookieValue } from "../auth/cookies.js";
import { createFeed } from "../feed/new-feed.js";
import { dumpValues, encodings } from "./dump.js";
import { forgeTags, forgeTokens } from "./forgeries.js";

let stack: Stack;
let ada: TestUser;
/** A sign-up that the attacker finds in the dump. */
let waiting: SeededRegistration;
let feedPath: string;
const tokenOf = (path: string) => path.slice("/api/feed/".length, -".ics".length);
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
  waiting = await seedRegistration(stack);
  const newcomer = await register(stack);
  secrets.set("link of a sign-up", await emailedToken(stack, newcomer.email, subjects.verify));
  secrets.set("secret of a sign-up", newcomer.registration);
  secrets.set("password of a sign-up", newcomer.password);
  const key = `key-${randomUUID()}`;
  secrets.set("idempotency key", key);
  await ada.client.post("/api/tasks", { title }, { token: ada.token, headers: { "idempotency-key": key } });
  feedPath = (await createFeed(ada)).path;
  secrets.set("URL of a calendar feed", tokenOf(feedPath));
  for (const name of ["AUTH_SECRET", "CRON_SECRET", "RESEND_API_KEY"])
    secrets.set(name, String(stack.env[name]));
  values = await dumpValues(stack);
  dump = values.join("\n");
});
afterAll(() => stack.stop());

const uuids = () => [...new Set(dump.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g))];

const ring = () => keyRing(authEnv(stack).AUTH_SECRET);

/** The newest link of each purpose that still works. */
const openLinks = {
  "verify-email": "select id from registrations where user_id is null order by created_at desc limit 1",
  "reset-password": "select id from links where used_at is null order by created_at desc limit 1",
};

describe("an attacker with a dump of the database", () => {
  // @proof dump-holds-no-secret
  test("finds no password, token, secret or key in it, in any encoding", () => {
    expect(secrets.size).toBe(14);
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
      for (const token of [...plain, ...forgeTags(values, payload).slice(0, 12)]) {
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

  // @proof dump-cannot-forge-feed
  test("cannot forge the URL of a calendar feed", async () => {
    const [{ id } = {}] = await stack.sql("select id from feeds where user_id = $1", [ada.id]);
    const payload = Buffer.concat([uuidBytes(ada.id), uuidBytes(String(id))]);
    const forged = [seal(payload, Buffer.alloc(32)), ...forgeTags(values, payload)];
    expect(forged).not.toContain(tokenOf(feedPath));
    expect(forged.map((token) => token.length)).toContain(tokenOf(feedPath).length);
    const { requests } = await stack.neon.stats(stack.databaseName);
    for (const token of forged)
      expect((await stack.client().get(`/api/feed/${token}.ics`)).code).toBe("not-found");
    expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
    expect((await stack.client().get(feedPath)).status, "with the key").toBe(200);
  });

  // @proof dump-cannot-forge-link
  test.each(["verify-email", "reset-password"] as const)(
    "cannot forge a link that POST /api/auth/%s accepts",
    async (purpose) => {
      const [{ id } = {}] = await stack.sql(openLinks[purpose]);
      const payload = uuidBytes(String(id));
      const forged = forgeTokens(values, payload, purpose);
      const real = issueLinkToken(ring(), purpose, String(id));
      expect(forged).not.toContain(real);
      expect(forged.map((token) => token.length)).toContain(real.length);
      const send = (token: string) =>
        stack.client().post(`/api/auth/${purpose}`, { token, password: goodPassword() });
      for (const token of forged) expect((await send(token)).code).toBe("invalid-link");
      expect((await send(real)).status, "with the key").toBeLessThan(300);
    },
  );

  // @proof dump-cannot-forge-registration
  test("cannot forge the secret of a sign-up, with which a link takes its password", async () => {
    const { id, token, registration } = waiting;
    const forged = forgeTokens(values, uuidBytes(id), "secret");
    expect(forged).not.toContain(registration);
    expect(forged.map((secret) => secret.length)).toContain(registration.length);
    const send = (secret: string) =>
      stack.client().post("/api/auth/verify-email", { token, registration: secret });
    for (const secret of forged) {
      expect((await send(secret)).code).toBe("password-required");
      await stack.sql("delete from throttle");
    }
    expect((await send(registration)).status, "with the key").toBe(200);
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
