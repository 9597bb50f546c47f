import { domainToASCII } from "node:url";
import * as z from "zod";
import { tooLong } from "../schemas.js";
import { emailLength } from "./limits.js";

const invisible = String.raw`[\s\p{Default_Ignorable_Code_Point}]`;
const invisibleEnds = new RegExp(`^${invisible}+|${invisible}+$`, "gu");
const invisibleInside = /\p{Default_Ignorable_Code_Point}/u;

/** The part before the `@`, as `<input type=email>` accepts it (HTML, section 4.10.5.1.5). */
const localPart = /^[\w.!#$%&'*+/=?^`{|}~-]+$/;
/** RFC 1035 section 2.3.4 and RFC 1123 section 2.1. */
const domainLabel = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;
/** Top-level domains are letters or punycode, which keeps IP addresses out. */
const topLevel = /^(?:[a-z]{2,}|xn--[a-z\d-]+)$/i;
const beyondAscii = /\P{ASCII}/u;
/** ASCII that a host name cannot contain. The conversion to punycode would drop some of it. */
const notInDomain = /[^a-z\d.\-\P{ASCII}]/iu;
const malformed = "must be an address such as ada@example.com";

function isDomain(domain: string): boolean {
  const labels = domain.split(".");
  return (
    labels.length > 1 &&
    labels.every((label) => domainLabel.test(label)) &&
    topLevel.test(labels.at(-1) ?? "")
  );
}

/** Punycode (RFC 5891) if the domain needs it; empty if such a domain cannot exist. */
function asciiDomain(domain: string): string {
  if (!beyondAscii.test(domain)) return domain;
  const hasBadHyphen = domain.split(".").some((label) => label.startsWith("-") || label.endsWith("-"));
  return hasBadHyphen || notInDomain.test(domain) ? "" : domainToASCII(domain);
}

type Parsed = { ok: true; address: string } | { ok: false; message: string };

const refused = (message: string): Parsed => ({ ok: false, message });

/**
 * Reads an address that a person typed or pasted. Removes spaces and invisible characters at both ends, which email
 * programs and web pages add, and turns an international domain into punycode. The rest keeps its spelling.
 */
export function parseEmailAddress(input: string): Parsed {
  const trimmed = input.trim();
  // The expression below takes quadratic time.
  if (trimmed.length > 2 * emailLength) return refused(tooLong(emailLength));
  const text = trimmed.replace(invisibleEnds, "");
  if (text.length > emailLength) return refused(tooLong(emailLength));
  if (invisibleInside.test(text)) return refused("must not contain invisible characters");
  const at = text.lastIndexOf("@");
  const [local, domain] = [text.slice(0, at), asciiDomain(text.slice(at + 1))];
  if (beyondAscii.test(local))
    return refused("must have only English letters, digits and signs before the @");
  if (at < 1 || !localPart.test(local) || !isDomain(domain)) return refused(malformed);
  const address = `${local}@${domain}`;
  return address.length > emailLength ? refused(tooLong(emailLength)) : { ok: true, address };
}

/** An email address in a request. */
export const emailAddress = z
  .string()
  .transform((value, { issues }) => {
    const parsed = parseEmailAddress(value);
    if (parsed.ok) return parsed.address;
    issues.push({ code: "custom", message: parsed.message, input: value });
    return z.NEVER;
  })
  .meta({
    description: "Case-insensitive. An international domain is stored in punycode",
    example: "ada@example.com",
    format: "email",
    maxLength: emailLength,
  });
