import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { keyRing } from "../../../lib/auth/keys.js";
import { type LinkPurpose, linkSeconds } from "../../../lib/auth/limits.js";
import { readLinkToken } from "../../../lib/auth/link-token.js";
import { layOut } from "../../../lib/mail/layout.js";
import { composeMail } from "../../../lib/mail/messages.js";
import { type MailKind, mailKinds } from "../../../lib/mail/queries.js";

const env = {
  APP_URL: "https://app.example.com",
  AUTH_SECRET: [randomBytes(32).toString("base64url"), randomBytes(32).toString("base64url")],
};
const ring = keyRing(env.AUTH_SECRET);
const linkId = "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21";
const purposes = Object.keys(linkSeconds) as LinkPurpose[];
const mailOf = (kind: (typeof mailKinds)[number], link: string | null = linkId) =>
  composeMail(
    { id: linkId, kind, recipient: "ada@example.com", linkId: link, attempts: 1, isDead: false },
    env,
  );
const withLink: readonly MailKind[] = [...purposes, "finish-registration"];
const notices = mailKinds.filter((kind) => !withLink.includes(kind));

describe("composeMail", () => {
  test.each(mailKinds)("%s: text and HTML say the same, under one subject", (kind) => {
    const { subject, text, html } = mailOf(kind);
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

  test.each(mailKinds)("%s: the HTML loads nothing, runs nothing and posts nothing", (kind) => {
    expect(mailOf(kind).html).not.toMatch(
      /<(script|img|link|iframe|form|object)|\ssrc=|url\(|\son\w+=|@import/i,
    );
  });

  test.each(purposes)(
    "%s: the link carries a token of this purpose in the fragment, in text and HTML",
    (purpose) => {
      const { text, html } = mailOf(purpose);
      const token = new RegExp(`${env.APP_URL}/${purpose}#token=([\\w-]+)\\n`).exec(text)?.[1] ?? "";
      expect(readLinkToken(ring, purpose, token)).toBe(linkId);
      for (const other of purposes.filter((candidate) => candidate !== purpose)) {
        expect(readLinkToken(ring, other, token)).toBeNull();
      }
      const hrefs = [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1]);
      expect(hrefs).toEqual(hrefs.map(() => `${env.APP_URL}/${purpose}#token=${token}`));
      expect(hrefs.length).toBeGreaterThan(0);
      expect(text).not.toContain("?token=");
    },
  );

  test.each(purposes)("%s: the mail says for how long the link works", (purpose) => {
    const hours = linkSeconds[purpose] / 3600;
    expect(mailOf(purpose).text).toContain(hours === 1 ? "for one hour" : `for ${hours} hours`);
  });

  test.each(notices)("%s: a notice carries no token and no link but the app's own address", (kind) => {
    const { text, html } = mailOf(kind);
    for (const part of [text, html]) {
      expect(part).not.toMatch(/[#?]\w+=|href/);
    }
  });

  test("finish-registration: the link is one that sets a password", () => {
    const { text } = mailOf("finish-registration");
    expect(text).toContain(/\S+\/reset-password#token=\S+/.exec(mailOf("reset-password").text)?.[0]);
  });

  test.each(withLink)("%s: without a link there is no mail", (kind) => {
    expect(() => mailOf(kind, null)).toThrow(/needs a link/);
  });

  test("the link is the same at each attempt, and with a newer secret in front it still works", () => {
    const [first, again] = [mailOf("verify-email"), mailOf("verify-email")];
    expect(again).toEqual(first);
    const token = /#token=([\w-]+)/.exec(first.text)?.[1] ?? "";
    const rotated = keyRing([randomBytes(32).toString("base64url"), ...env.AUTH_SECRET]);
    expect(readLinkToken(rotated, "verify-email", token)).toBe(linkId);
  });
});

describe("layOut", () => {
  const hostile = `<img src=x onerror="alert('1')"> & more`;
  const letter = {
    subject: hostile,
    paragraphs: [hostile],
    action: { label: hostile, url: `https://x/"><script>` },
    closing: [hostile],
  };

  test("escapes everything in HTML and nothing in text", () => {
    const { html, text } = layOut(letter, env.APP_URL);
    expect(html).not.toMatch(/<img|<script|onerror="/);
    expect(html.match(/&lt;img src=x onerror=&quot;alert\(&#39;1&#39;\)&quot;&gt; &amp; more/g)).toHaveLength(
      5,
    );
    expect(html).toContain('href="https://x/&quot;&gt;&lt;script&gt;"');
    expect(text).toContain(hostile);
  });
});
