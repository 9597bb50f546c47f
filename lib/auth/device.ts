import { BROWSER_MAP, getParser, OS_MAP } from "bowser";
import type { DeviceKind } from "../../db/schema/sessions.js";

/** The device of a request, in words that people know. Null: not known. */
export type Device = { browser: string | null; os: string | null; kind: DeviceKind | null };

/** Real headers have up to 300 characters; a longer one only costs time to parse. */
const maxUserAgentLength = 512;

const browsers = new Set(Object.values(BROWSER_MAP));
const systems = new Set(Object.values(OS_MAP));
const kinds = new Map<string, DeviceKind>([
  ["desktop", "desktop"],
  ["mobile", "phone"],
  ["tablet", "tablet"],
]);

/**
 * Reads a User-Agent header. For a header that bowser does not know, it returns a part of it as the name: callers
 * could then put any text into the owner's list and emails, so only bowser's own names count.
 */
export function deviceOf(userAgent: string | null): Device {
  if (!userAgent) return { browser: null, os: null, kind: null };
  const parser = getParser(userAgent.slice(0, maxUserAgentLength), true);
  return {
    browser: knownName(browsers, parser.getBrowserName()),
    os: knownName(systems, parser.getOSName()),
    kind: kinds.get(parser.getPlatformType()) ?? null,
  };
}

/** "Samsung Internet for Android" repeats the name of the system. */
const knownName = (names: ReadonlySet<string>, name: string) =>
  names.has(name) ? name.replace(/ for Android$/, "") : null;
