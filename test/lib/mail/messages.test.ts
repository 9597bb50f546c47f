import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { LinkPurpose } from "../../../db/schema/links.js";
import { type EmailKind, emailKinds } from "../../../db/schema/outbox.js";
import { linkSeconds, notMeSeconds } from "../../../lib/auth/limits.js";
import { readLinkToken } from "../../../lib/auth/link-token.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import { emailTraits } from "../../../lib/mail/kinds.js";
import { renderEmail } from "../../../lib/mail/layout.js";
import { composeEmail, linkUrl } from "../../../lib/mail/messages.js";

const env = {
  APP_URL: "https://app.example.com",
  AUTH_SECRET: [randomBytes(32).toString("base64url"), randomBytes(32).toString("base64url")],
};
const ring = keyRing(env.AUTH_SECRET);
const emailId = "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b22";
const linkId = "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21";
const purposes = Object.keys(linkSeconds) as LinkPurpose[];
const emailOf = (kind: (typeof emailKinds)[number], link: string | null = linkId) =>
  composeEmail(
    {
      id: emailId,
      kind,
      recipient: "ada@example.com",
      linkId: link,
      about: null,
      device: null,
      place: null,
      banReason: null,
      bannedUntil: null,
      createdAt: "2026-11-28T20:36:08.000Z",
      attempts: 1,
      isDead: false,
    },
    env,
  );
const linksByKind = emailKinds.flatMap((kind): [EmailKind, LinkPurpose][] => {
  const { link } = emailTraits[kind];
  return link ? [[kind, link]] : [];
});
const withLink = linksByKind.map(([kind]) => kind);
const withNotMe = emailKinds.filter((kind) => emailTraits[kind].hasNotMe);
const withoutLinks = emailKinds.filter((kind) => !withLink.includes(kind) && !withNotMe.includes(kind));
/** The links of an email that start with this address. */
const linksTo = (html: string, page: string) =>
  [...html.matchAll(/href="([^"]*)"/g)].map(([, url = ""]) => url).filter((url) => url.startsWith(page));

describe("composeEmail", () => {
  test.each(emailKinds)("%s: the HTML contains the subject and every line of the text", (kind) => {
    const { subject, text, html } = emailOf(kind);
    expect(subject).toMatch(/^[A-Z][^\r\n]{5,70}$/);
    expect(html).toContain(`<title>${subject}</title>`);
    const words = html
      .replace(/<head>.*?<\/head>/s, "")
      .replace(/<[^>]+>/g, " ")
      .replaceAll("&#39;", "'")
      .replaceAll("&amp;", "&");
    const flat = (value: string) => value.replace(/\s+/g, " ");
    for (const paragraph of text.trim().split(/\n\n/)) {
      for (const line of paragraph.replace(/:\n/, "\n").split("\n"))
        expect(flat(words)).toContain(flat(line));
    }
  });

  // @proof email-html-is-inert
  test.each(emailKinds)("%s: the HTML contains no scripts, forms or remote resources", (kind) => {
    expect(emailOf(kind).html).not.toMatch(
      /<(script|img|link|iframe|form|object)|\ssrc=|url\(|\son\w+=|@import/i,
    );
  });

  // @proof email-link-token-in-fragment
  test.each(linksByKind)(
    "%s: the link in text and HTML carries a token for %s in its fragment",
    (kind, purpose) => {
      const { text, html } = emailOf(kind);
      const page = linkUrl(env.APP_URL, purpose, "");
      const token = new RegExp(`${page}([\\w-]+)\\n`).exec(text)?.[1] ?? "";
      expect(readLinkToken(ring, purpose, token)).toBe(linkId);
      for (const other of purposes.filter((candidate) => candidate !== purpose)) {
        expect(readLinkToken(ring, other, token)).toBeNull();
      }
      const urls = linksTo(html, page);
      expect(urls).toEqual(urls.map(() => `${page}${token}`));
      expect(urls.length).toBeGreaterThan(0);
      expect(text).not.toContain("?token=");
    },
  );

  test.each(linksByKind)("%s: the email states how long its link for %s works", (kind, purpose) => {
    const hours = linkSeconds[purpose] / 3600;
    const stated =
      hours === 1 ? "after one hour" : hours <= 24 ? `after ${hours} hours` : `${hours / 24} days`;
    expect(emailOf(kind).text).toContain(stated);
  });

  // @proof notices-carry-not-me
  test.each(withNotMe)("%s: carries a link that names this email, and no other", (kind) => {
    const { text, html } = emailOf(kind);
    const page = linkUrl(env.APP_URL, "not-me", "");
    const token = new RegExp(`${page}([\\w-]+)\n`).exec(text)?.[1] ?? "";
    expect(readLinkToken(ring, "not-me", token)).toBe(emailId);
    for (const other of purposes) expect(readLinkToken(ring, other, token)).toBeNull();
    expect(linksTo(html, page)).toEqual([`${page}${token}`]);
    expect(text).toContain(`within ${notMeSeconds / 3600} hours`);
  });

  test.each(withoutLinks)("%s: carries neither a token nor a link", (kind) => {
    const { text, html } = emailOf(kind);
    const hint = "A kind whose email has a link names its purpose in emailTraits.";
    for (const part of [text, html]) expect(part, hint).not.toMatch(/[#?]\w+=|href/);
  });

  test.each(withLink)("%s: composing throws without a link", (kind) => {
    expect(() => emailOf(kind, null)).toThrow(/needs a link/);
  });

  test("repeats the same link at each attempt, and the link survives a secret rotation", () => {
    const [first, again] = [emailOf("verify-email"), emailOf("verify-email")];
    expect(again).toEqual(first);
    const token = /#token=([\w-]+)/.exec(first.text)?.[1] ?? "";
    const rotated = keyRing([randomBytes(32).toString("base64url"), ...env.AUTH_SECRET]);
    expect(readLinkToken(rotated, "verify-email", token)).toBe(linkId);
  });
});

describe("renderEmail", () => {
  const hostile = `<img src=x onerror="alert('1')"> & more`;
  const content = {
    subject: hostile,
    paragraphs: [hostile],
    action: { label: hostile, url: `https://x/"><script>` },
    closing: [hostile],
  };

  test("escapes every value in HTML and leaves text unescaped", () => {
    const { html, text } = renderEmail(content, env.APP_URL);
    expect(html).not.toMatch(/<img|<script|onerror="/);
    expect(html.match(/&lt;img src=x onerror=&quot;alert\(&#39;1&#39;\)&quot;&gt; &amp; more/g)).toHaveLength(
      5,
    );
    expect(html).toContain('href="https://x/&quot;&gt;&lt;script&gt;"');
    expect(text).toContain(hostile);
  });
});
