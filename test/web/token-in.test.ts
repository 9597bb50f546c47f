import { expect, test } from "vitest";
import { tokenIn } from "../../web/app/token-in.js";

const token = "AZqvM0x2cYi_bSKkJdYb8Q4Yb0m1l7m6T9o2n3v8y1-";
const link = `https://app.example.com/reset-password#token=${token}`;

test.each([
  ["the address", link],
  ["the token alone", token],
  ["the token alone, in brackets", ` <${token}>.`],
  ["a fragment", `#token=${token}`],
  ["an encoded fragment", `%23token=${token}`],
  ["an encoded fragment and sign", `%23token%3D${token}`],
  ["an address encoded twice", `https://app.example.com/reset-password%2523token%253D${token}`],
  ["an address within another", `https://safe.example/?url=${encodeURIComponent(link)}&data=05%7C02`],
  ["quoted-printable", link.replace("=", "=3D")],
  ["encoded quoted-printable", `#token%3D3D${token}`],
  ["a dot at the end", `${link}.`],
  ["a bracket at the end", `${link}>`],
  ["a parenthesis at the end", `(${link})`],
  ["an encoded bracket at the end", `${link}%3E`],
  ["a zero-width space at the end", `${link}\u200B`],
  ["an encoded zero-width space at the end", `${link}%E2%80%8B`],
  ["zero-width characters before the token", link.replace("=", "=\u200B\uFEFF")],
  ["an encoded zero-width space before the name", `#%E2%80%8Btoken=${token}`],
  ["a zero-width space inside the token", link.replace("cYi", "c\u200BYi")],
  ["text around the address", `Open ${link} within one hour.`],
  ["a malformed escape at the end", `${link}%`],
  ["upper case", link.replace("token", "TOKEN")],
])("finds the token in %s", (_, text) => {
  expect(tokenIn(text)).toBe(token);
});

test.each([
  "",
  "https://app.example.com/reset-password",
  "https://app.example.com/reset-password#token=",
  "https://app.example.com/reset-password#content",
  "my password",
  "reset-password",
])("finds no token in %j", (text) => {
  expect(tokenIn(text)).toBeUndefined();
});
