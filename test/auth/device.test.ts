import { getParser } from "bowser";
import { describe, expect, test } from "vitest";
import { type Device, deviceOf } from "../../lib/auth/device.js";
import { deviceName } from "../../lib/auth/device-name.js";

const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
const unknown: Device = { browser: null, os: null, kind: null };

describe("deviceOf", () => {
  test.each<[string, Device]>([
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0.0.0 Safari/537.36`,
      { browser: "Chrome", os: "Windows", kind: "desktop" },
    ],
    [
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
      { browser: "Safari", os: "macOS", kind: "desktop" },
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
      { browser: "Safari", os: "iOS", kind: "phone" },
    ],
    [
      `Mozilla/5.0 (Linux; Android 14; SM-X910) ${webkit} SamsungBrowser/25.0 Chrome/121.0.0.0 Safari/537.36`,
      { browser: "Samsung Internet", os: "Android", kind: "tablet" },
    ],
    [
      "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
      { browser: "Firefox", os: "Linux", kind: "desktop" },
    ],
  ])("names browser, system and kind of %s", (userAgent, device) => {
    expect(deviceOf(userAgent)).toEqual(device);
  });

  // @proof device-words-are-known-names
  test.each([
    "<script>alert(1)</script>/1 (x",
    "Your account is locked. Call 555 0100/1 (",
    "evil\u202e/1.0 (x",
  ])("returns no text that the caller chose: %j", (userAgent) => {
    expect(getParser(userAgent).getBrowserName(), "bowser would return it").not.toBe("");
    expect(deviceOf(userAgent)).toEqual(unknown);
  });

  test.each([null, "", " ", "curl/8.5.0", "node"])("knows nothing about %j", (userAgent) => {
    expect(deviceOf(userAgent)).toEqual(unknown);
  });

  test("reads only the start of a long header", () => {
    expect(deviceOf(`${"x".repeat(600)} (Windows NT 10.0) Chrome/140.0.0.0`)).toEqual(unknown);
  });
});

describe("deviceName", () => {
  test.each<[Device, string | null]>([
    [{ browser: "Chrome", os: "Windows", kind: "desktop" }, "Chrome on Windows"],
    [{ browser: "Chrome", os: null, kind: null }, "Chrome"],
    [{ browser: null, os: "Windows", kind: null }, "Windows"],
    [unknown, null],
  ])("of %j is %j", (device, name) => {
    expect(deviceName(device)).toBe(name);
  });
});
