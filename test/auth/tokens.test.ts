import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contextTags, nameTag, passwordTags } from "../../lib/auth/context-tags.js";
import { keyRing, mac, pseudonym } from "../../lib/auth/keys.js";
import { type LinkPurpose, linkSeconds } from "../../lib/auth/limits.js";
import { issueLinkToken, readLinkToken } from "../../lib/auth/link-token.js";
import { issueRefreshToken, readRefreshToken } from "../../lib/auth/refresh-token.js";

const secret = () => randomBytes(32).toString("base64url");
const [oldSecret, newSecret] = [secret(), secret()];
const old = keyRing([oldSecret]);
const both = keyRing([newSecret, oldSecret]);
const current = keyRing([newSecret]);

const purposes = Object.keys(linkSeconds) as LinkPurpose[];
const session = fc.record({ sessionId: fc.uuid(), generation: fc.integer({ min: 0, max: 0xffff_ffff }) });

describe("a refresh token", () => {
  test("says what it was made of, under every secret that is listed, and under no other", () => {
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

  test("is refused for any change of a bit, and in any other spelling", () => {
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

  test("is none when it is any other text", () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => readRefreshToken(old, text) === null));
    expect(readRefreshToken(old, undefined)).toBeNull();
  });
});

describe("a link's token", () => {
  test("is good for its own purpose only, and is no refresh token", () => {
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
  test("differ by use and by secret", () => {
    const all = [...old, ...current].flatMap(({ refresh, link, pseudonym: log, cursor, publicJwk, kid }) => [
      ...[refresh, link, log, cursor].map((key) => key.toString("hex")),
      publicJwk.x,
      kid,
    ]);
    expect(new Set(all).size).toBe(all.length);
  });

  test("name the public key by its RFC 7638 thumbprint", () => {
    const [{ kid, publicJwk }] = old;
    const canonical = `{"crv":"${publicJwk.crv}","kty":"${publicJwk.kty}","x":"${publicJwk.x}"}`;
    expect(kid).toBe(createHash("sha256").update(canonical).digest("base64url"));
  });

  test("authenticate a list of parts, not what it looks like when joined", () => {
    const [{ link }] = old;
    const parts = fc.array(fc.string({ maxLength: 6 }), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(mac(link, ...one).equals(mac(link, ...other))).toBe(isSame);
      }),
    );
    expect(mac(link, "ab", "c").equals(mac(link, "a", "bc"))).toBe(false);
    expect(mac(link, "", "a").equals(mac(link, "a", ""))).toBe(false);
  });

  test("give a subject another pseudonym for every kind", () => {
    const [keys] = old;
    expect(pseudonym(keys, "user", "x")).not.toBe(pseudonym(keys, "login-account", "x"));
    expect(pseudonym(keys, "user", "x")).not.toContain("x@");
  });
});

describe("the password context", () => {
  const person = { email: "Ada@Example.com", name: "Ada Lovelace" };

  test("knows address and name in every case and spelling, under every listed secret", () => {
    const tags = contextTags(old, person);
    const isContext = (password: string) => passwordTags(both, password).some((tag) => tags.includes(tag));
    for (const password of [
      "ada@example.com",
      " ADA@EXAMPLE.COM",
      "ada lovelace",
      "ＡＤＡ ＬＯＶＥＬＡＣＥ",
    ]) {
      expect(isContext(password)).toBe(true);
    }
    expect(isContext("ada lovelace 2")).toBe(false);
  });

  test("keeps the name in the place that a change of name replaces", () => {
    expect(contextTags(old, person)[1]).toBe(nameTag(old, person.name));
  });

  test("can be read by nobody without the secret", () => {
    expect(contextTags(old, person)).not.toEqual(contextTags(current, person));
    expect(contextTags(old, person).join()).not.toMatch(/ada/i);
  });
});
