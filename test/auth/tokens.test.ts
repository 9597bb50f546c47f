import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LinkPurpose } from "../../db/schema/links.js";
import { contextTags, nameTag, passwordTags } from "../../lib/auth/context-tags.js";
import { linkSeconds } from "../../lib/auth/limits.js";
import { issueLinkToken, readLinkToken } from "../../lib/auth/link-token.js";
import { issueRefreshToken, readRefreshToken } from "../../lib/auth/refresh-token.js";
import { keyedHash, pseudonym } from "../../lib/crypto/keyed-hash.js";
import { keyRing } from "../../lib/crypto/keys.js";

const secret = () => randomBytes(32).toString("base64url");
const [oldSecret, newSecret] = [secret(), secret()];
const old = keyRing([oldSecret]);
const both = keyRing([newSecret, oldSecret]);
const current = keyRing([newSecret]);

const purposes = Object.keys(linkSeconds) as LinkPurpose[];
const session = fc.record({ sessionId: fc.uuid(), generation: fc.integer({ min: 0, max: 0xffff_ffff }) });

describe("a refresh token", () => {
  test("round-trips its content under every listed secret and under no other", () => {
    fc.assert(
      fc.property(session, (content) => {
        const token = issueRefreshToken(old, content);
        expect(readRefreshToken(old, token)).toEqual(content);
        expect(readRefreshToken(both, token)).toEqual(content);
        expect(readRefreshToken(current, token)).toBeNull();
        expect(readRefreshToken(current, issueRefreshToken(both, content))).toEqual(content);
        expect(issueRefreshToken(old, content)).toBe(token);
      }),
    );
  });

  test("is rejected after any bit flip and in any other spelling", () => {
    fc.assert(
      fc.property(session, fc.nat(), fc.nat(7), (content, at, bit) => {
        const token = issueRefreshToken(old, content);
        const bytes = Buffer.from(token, "base64url");
        const position = at % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(position) ^ (1 << bit), position);
        expect(readRefreshToken(old, bytes.toString("base64url"))).toBeNull();
        expect(readRefreshToken(old, token.slice(0, at % token.length))).toBeNull();
        for (const spelling of [`${token}=`, ` ${token}`, `${token}\n`, `${token}A`, `${token}.`]) {
          expect(readRefreshToken(old, spelling)).toBeNull();
        }
      }),
    );
  });

  test("is rejected when it is arbitrary text", () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => readRefreshToken(old, text) === null));
    expect(readRefreshToken(old, undefined)).toBeNull();
  });
});

describe("a link token", () => {
  // @proof link-token-bound-to-purpose
  test("is valid for its own purpose only and never as a refresh token", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.constantFrom(...purposes), (linkId, purpose) => {
        const token = issueLinkToken(old, purpose, linkId);
        for (const other of purposes) {
          expect(readLinkToken(both, other, token)).toBe(other === purpose ? linkId : null);
        }
        expect(readLinkToken(current, purpose, token)).toBeNull();
        expect(readRefreshToken(old, token)).toBeNull();
      }),
    );
  });
});

describe("derived keys", () => {
  // @proof derived-keys-differ
  test("differ by use and by secret", () => {
    const all = [...old, ...current].flatMap((keys) => [
      ...[keys.refresh, keys.link, keys.pseudonym, keys.cursor].map((key) => key.toString("hex")),
      keys.publicJwk.x,
      keys.kid,
    ]);
    expect(new Set(all).size).toBe(all.length);
  });

  test("identify the public key by its RFC 7638 thumbprint", () => {
    const [{ kid, publicJwk }] = old;
    const canonical = `{"crv":"${publicJwk.crv}","kty":"${publicJwk.kty}","x":"${publicJwk.x}"}`;
    expect(kid).toBe(createHash("sha256").update(canonical).digest("base64url"));
  });

  // @proof mac-separates-parts
  test("authenticate a list of parts, not their concatenation", () => {
    const [{ link }] = old;
    const parts = fc.array(fc.string({ maxLength: 6 }), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(keyedHash(link, ...one).equals(keyedHash(link, ...other))).toBe(isSame);
      }),
    );
    expect(keyedHash(link, "ab", "c").equals(keyedHash(link, "a", "bc"))).toBe(false);
    expect(keyedHash(link, "", "a").equals(keyedHash(link, "a", ""))).toBe(false);
  });

  test("give a subject a different pseudonym for every kind", () => {
    const [keys] = old;
    expect(pseudonym(keys, "user", "x")).not.toBe(pseudonym(keys, "login-account", "x"));
    expect(pseudonym(keys, "user", "x")).not.toContain("x@");
  });
});

describe("the password context", () => {
  const person = { email: "Ada@Example.com", name: "Ada Lovelace" };

  test("matches email, local part and name in every case and spelling, under every listed secret", () => {
    const tags = contextTags(old, person);
    const isContext = (password: string) => passwordTags(both, password).some((tag) => tags.includes(tag));
    for (const password of [
      "ada@example.com",
      " ADA@EXAMPLE.COM",
      "ada lovelace",
      "ＡＤＡ ＬＯＶＥＬＡＣＥ",
      "ada lovelace 2",
      "Ada@example.com!!",
      "ADA2026!?",
    ]) {
      expect(isContext(password), password).toBe(true);
    }
    for (const password of ["ada lovelace counts", "2026 ada", "adams apple", "20262026", "!?!?!?!?"])
      expect(isContext(password), password).toBe(false);
  });

  test("matches the tags of whole texts, which release 0.1 stored", () => {
    const tagOf = (text: string) => pseudonym(old[0], "password context", text);
    const tags = ["ada@example.com", "ada lovelace jr."].map(tagOf);
    for (const password of ["Ada@example.com", "Ada Lovelace Jr."])
      expect(passwordTags(both, password).some((tag) => tags.includes(tag))).toBe(true);
  });

  test("does not match every password of digits for an address of digits", () => {
    const tags = contextTags(old, { email: "12345678@example.com", name: "2026" });
    const isContext = (password: string) => passwordTags(old, password).some((tag) => tags.includes(tag));
    expect(isContext("12345678")).toBe(true);
    expect(isContext("84627193")).toBe(false);
  });

  test("stores the name tag at the position that a change of name replaces", () => {
    expect(contextTags(old, person)[1]).toBe(nameTag(old, person.name));
  });

  test("reveals nothing without the secret", () => {
    expect(contextTags(old, person)).not.toEqual(contextTags(current, person));
    expect(contextTags(old, person).join()).not.toMatch(/ada/i);
  });
});
