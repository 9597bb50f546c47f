import fc from "fast-check";
import { generateKeyBetween } from "fractional-indexing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

type Key = string | null;

/** The results for all pairs of neighbours, from one query. */
async function betweenAll(name: string, pairs: readonly [Key, Key][]): Promise<string[]> {
  const rows = await stack.sql(
    `select ${name}(pair.low, pair.high) as key
       from unnest($1::text[], $2::text[]) with ordinality as pair (low, high, place) order by pair.place`,
    [pairs.map(([low]) => low), pairs.map(([, high]) => high)],
  );
  return rows.map(({ key }) => String(key));
}

/** The neighbours of each insertion. `places`: where to insert, as a fraction of the list from 0 to 1. */
function neighbours(places: readonly number[]): [Key, Key][] {
  const keys: string[] = [];
  return places.map((share) => {
    const place = Math.round(share * keys.length);
    const pair: [Key, Key] = [keys[place - 1] ?? null, keys[place] ?? null];
    keys.splice(place, 0, generateKeyBetween(...pair));
    return pair;
  });
}

/** Insertions anywhere, or all at one place, which makes keys long. */
const insertions = fc.oneof(
  fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 200 }),
  fc
    .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 400 }))
    .map(([share, length]) => Array<number>(length).fill(share)),
);

describe("position_between", () => {
  test("returns the same keys as fractional-indexing 4.0.0", async () => {
    await fc.assert(
      fc.asyncProperty(insertions, async (places) => {
        const pairs = neighbours(places);
        expect(await betweenAll("position_between", pairs)).toEqual(
          pairs.map((pair) => generateKeyBetween(...pair)),
        );
      }),
      { numRuns: 100 },
    );
  });

  test.each<[string, Key, Key]>([
    ["the first key", null, null],
    ["a longer integer after", "az", null],
    ["two more digits after", "bzz", null],
    ["a negative integer before", "a0", null],
    ["from negative to positive", "Zz", null],
    ["before the first key", null, "a0"],
    ["a longer negative integer before", null, "Z0"],
    ["a shorter positive integer before", null, "b00"],
    ["a shorter negative integer after", "Yzz", null],
    ["before a fraction", null, "a0V"],
    ["a fraction after an integer", "a0", "a1"],
    ["zeros in the upper fraction", "a0", "a00000V"],
    ["adjacent last digits", "a0V", "a0W"],
    ["a lower fraction that ends earlier", "a0V", "a0V1"],
    ["integers with no other in between", "a0zzz", "a1"],
  ])("agrees on %s", async (_, low, high) => {
    expect(await betweenAll("position_between", [[low, high]])).toEqual([generateKeyBetween(low, high)]);
  });

  test.each([
    ["equal", "a1", "a1"],
    ["in the wrong order", "a2", "a1"],
    ["in the wrong byte order", "a1", "Zz"],
  ])("refuses neighbours that are %s", async (_, low, high) => {
    await expect(betweenAll("position_between", [[low, high]])).rejects.toThrow("no position between");
  });
});

describe("new_position", () => {
  test("returns a different key between the neighbours each time, which fractional-indexing accepts", async () => {
    await fc.assert(
      fc.asyncProperty(insertions, async (places) => {
        const pairs = neighbours(places);
        const keys = await betweenAll("new_position", pairs);
        keys.forEach((key, i) => {
          const [low, high] = pairs[i] ?? [null, null];
          if (low !== null) expect(low < key).toBe(true);
          if (high !== null) expect(key < high).toBe(true);
          expect(() => generateKeyBetween(key, null)).not.toThrow();
        });
      }),
      { numRuns: 50 },
    );
    const same = Array<[Key, Key]>(100).fill(["a0", "a2"]);
    expect(new Set(await betweenAll("new_position", same)).size).toBeGreaterThan(90);
  });
});

test("position_at returns ascending positions with room between any two", async () => {
  const places = [1, 2, 61, 62, 63, 3_843, 3_844, 10_000, 238_328, 14_000_000];
  const rows = await stack.sql("select position_at(place) as key from unnest($1::bigint[]) as place", [
    places,
  ]);
  const keys = rows.map(({ key }) => String(key));
  expect(keys).toEqual([...keys].sort());
  expect(keys[1]).toBe(generateKeyBetween(keys[0] ?? null, null));
  for (const key of keys) expect(key < generateKeyBetween(key, null)).toBe(true);
});
