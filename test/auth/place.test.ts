import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { placeHeaders, placeOf } from "../../lib/auth/place.js";
import { proxyHeaders } from "../../lib/http/client-address.js";

const withoutProxy = { PROXY_SECRET: undefined };

const headersOf = (city: string | null, country: string | null) =>
  new Headers({
    ...(city === null ? {} : { [placeHeaders.city]: city }),
    ...(country === null ? {} : { [placeHeaders.country]: country }),
  });

describe("placeOf", () => {
  test.each([
    ["Aarhus", "DK", "near Aarhus, DK"],
    ["S%C3%A3o%20Paulo", "BR", "near São Paulo, BR"],
    ["St.%20John's", "CA", "near St. John's, CA"],
    [null, "DK", "DK"],
    ["", "DK", "DK"],
    ["Aarhus", null, null],
    [null, null, null],
  ])("of the city %j and the country %j is %j", (city, country, place) => {
    expect(placeOf(headersOf(city, country), withoutProxy)).toBe(place);
  });

  test.each([
    "%E0%A4%A",
    "%3Cb%3EAarhus",
    "Aar%0Ahus",
    "A%E2%80%AEB",
    "https%3A%2F%2Fevil.example",
    "A".repeat(81),
  ])("leaves the malformed city %j out", (city) => {
    expect(placeOf(headersOf(city, "DK"), withoutProxy)).toBe("DK");
  });

  test.each(["dk", "Denmark", "D", "D1", "<b>"])("knows no place in the malformed country %j", (country) => {
    expect(placeOf(headersOf("Aarhus", country), withoutProxy)).toBeNull();
  });

  test("is unknown behind a proxy that proves PROXY_SECRET, because the headers describe the proxy", () => {
    const PROXY_SECRET = randomBytes(32).toString("base64url");
    const headers = headersOf("Ashburn", "US");
    headers.set(proxyHeaders.secret, PROXY_SECRET);
    expect(placeOf(headers, { PROXY_SECRET })).toBeNull();
    headers.set(proxyHeaders.secret, "a guess");
    expect(placeOf(headers, { PROXY_SECRET })).toBe("near Ashburn, US");
  });
});
