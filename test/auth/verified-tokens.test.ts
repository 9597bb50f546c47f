import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createVerifiedTokens } from "../../lib/auth/verified-tokens.js";

const trust = ["https://app.example.com", "kid-1", "kid-2"];
const nowSeconds = Date.parse("2026-01-01T00:00:00Z") / 1000;

beforeEach(() => {
  vi.useFakeTimers({ now: nowSeconds * 1000 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the cache of verified tokens", () => {
  // @proof verified-token-cache-bounds
  test("returns a value only for the exact token, under the same issuer and keys, until it expires", () => {
    const tokens = createVerifiedTokens<string>();
    tokens.add("a.b.c", trust, "ada", nowSeconds + 60);
    expect(tokens.get("a.b.c", trust)).toBe("ada");
    expect(tokens.get("a.b.d", trust)).toBeUndefined();
    expect(tokens.get("a.b.c", ["https://other.example.com", "kid-1", "kid-2"])).toBeUndefined();
    expect(tokens.get("a.b.c", ["https://app.example.com", "kid-1"])).toBeUndefined();
    vi.setSystemTime((nowSeconds + 60) * 1000);
    expect(tokens.get("a.b.c", trust)).toBeUndefined();
  });

  test("holds at most 1,000 tokens and drops the oldest first", () => {
    const tokens = createVerifiedTokens<number>();
    for (let i = 0; i <= 1_000; i += 1) tokens.add(`token ${i}`, trust, i, nowSeconds + 60);
    expect(tokens.get("token 0", trust)).toBeUndefined();
    expect(tokens.get("token 1", trust)).toBe(1);
    expect(tokens.get("token 1000", trust)).toBe(1_000);
  });
});
