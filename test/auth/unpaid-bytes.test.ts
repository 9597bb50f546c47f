import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { dataUnit } from "../../lib/auth/limits.js";
import { unpaidBytes } from "../../lib/auth/unpaid-bytes.js";

test("takeUnits returns whole units once, and keeps the rest", () => {
  const user = randomUUID();
  unpaidBytes.add(user, dataUnit.bytes - 1);
  expect(unpaidBytes.takeUnits(user)).toBe(0);
  unpaidBytes.add(user, dataUnit.bytes + 1);
  expect([unpaidBytes.takeUnits(user), unpaidBytes.takeUnits(user)]).toEqual([2, 0]);
});

test("takeUnits spreads a large debt over several requests", () => {
  const user = randomUUID();
  unpaidBytes.add(user, (dataUnit.maxPerRequest + 1) * dataUnit.bytes);
  expect([unpaidBytes.takeUnits(user), unpaidBytes.takeUnits(user)]).toEqual([dataUnit.maxPerRequest, 1]);
});

test("returnUnits makes refused units due again", () => {
  const user = randomUUID();
  unpaidBytes.add(user, 3 * dataUnit.bytes);
  unpaidBytes.returnUnits(user, unpaidBytes.takeUnits(user));
  expect(unpaidBytes.takeUnits(user)).toBe(3);
});

test("unpaidBytes keeps users apart, and forgets those that were served longest ago", () => {
  const [first, other] = [randomUUID(), randomUUID()];
  unpaidBytes.add(first, dataUnit.bytes);
  expect(unpaidBytes.takeUnits(other)).toBe(0);
  for (let i = 0; i < 10_000; i += 1) unpaidBytes.add(randomUUID(), 1);
  expect(unpaidBytes.takeUnits(first)).toBe(0);
});
