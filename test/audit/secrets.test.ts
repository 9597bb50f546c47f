import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { auditKey } from "../../lib/audit/audit-key.js";
import { eventRetentionDays } from "../../lib/audit/retention.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { runCron } from "../api/mail/outbox-rows.js";
import { authEnv, seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { auditOf, daysAgo, recordEvent } from "./chained-events.js";

let stack: Stack;
let current: readonly string[];
beforeAll(async () => {
  stack = await startStack();
  current = authEnv(stack).AUTH_SECRET;
});
afterAll(() => stack.stop());
beforeEach(async () => {
  await stack.waitUntilIdle();
  await stack.sql("truncate users, admin_events, event_chains cascade");
});

const older = randomBytes(32).toString("base64url");
const notListed =
  /^Security event 1 of account \S+ \(id \S+\) was signed with a secret that AUTH_SECRET does not list\.$/;

describe("verifyAudit after a rotation of AUTH_SECRET", () => {
  // @proof rotation-keeps-chains
  test("verifies older events while their secret is listed, and says so when it is not", async () => {
    const { id } = await seedUser(stack);
    await recordEvent(stack, "security", id, new Date(), keyRing([older]));
    await recordEvent(stack, "security", id);
    expect((await auditOf(stack, { ring: keyRing([...current, older]) })).faults).toEqual([]);
    expect((await auditOf(stack)).faults).toEqual([expect.stringMatching(notListed)]);
  });

  test("needs no older secret once the purge has deleted its events and the one after them", async () => {
    const { id } = await seedUser(stack);
    const expired = daysAgo(eventRetentionDays + 1);
    await recordEvent(stack, "security", id, expired, keyRing([older]));
    await recordEvent(stack, "security", id, expired);
    await recordEvent(stack, "security", id);
    expect((await auditOf(stack)).faults).toEqual([expect.stringMatching(notListed)]);
    await runCron(stack);
    expect(await auditOf(stack)).toEqual({ faults: [], chained: 1, unchained: 0 });
  });
});

describe("auditKey", () => {
  const ring = keyRing([older]);
  // @proof key-of-one-day
  test("is another key on another day, and with another secret", () => {
    const [today, tomorrow] = [new Date("2026-11-28T23:59:59Z"), new Date("2026-11-29T00:00:00Z")];
    expect(auditKey(ring, today)).toEqual(auditKey(ring, new Date("2026-11-28T00:00:00Z")));
    expect(auditKey(ring, today).inner).not.toEqual(auditKey(ring, tomorrow).inner);
    expect(auditKey(ring, today).id).not.toBe(auditKey(ring, tomorrow).id);
    expect(auditKey(keyRing(current), today).inner).not.toEqual(auditKey(ring, today).inner);
  });
});
