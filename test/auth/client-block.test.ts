import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientBlock, proxyHeaders } from "../../lib/http/client-address.js";

const withoutProxy = { PROXY_SECRET: undefined };

const blockOf = (address?: string) =>
  clientBlock(new Headers(address === undefined ? {} : { "x-real-ip": address }), withoutProxy);

const hextet = fc.integer({ min: 0, max: 0xffff });
const network = fc.array(hextet, { minLength: 4, maxLength: 4 });
const spellAddress = (groups: number[], pad: boolean) =>
  groups
    .map((group) => (pad ? group.toString(16).padStart(4, "0").toUpperCase() : group.toString(16)))
    .join(":");

describe("clientBlock", () => {
  test("is the address itself for IPv4, including IPv4 mapped into IPv6", () => {
    expect(blockOf("192.0.2.1")).toBe("192.0.2.1");
    expect(blockOf("::ffff:192.0.2.1")).toBe("192.0.2.1");
    expect(blockOf("::FFFF:192.0.2.1")).toBe("192.0.2.1");
    expect(blockOf("::ffff:c000:201")).toBe("192.0.2.1");
    expect(blockOf("192.0.2.2")).not.toBe(blockOf("192.0.2.1"));
  });

  test("covers an IPv6 /64 in every spelling and differs from the next /64", () => {
    fc.assert(
      fc.property(network, network, network, fc.boolean(), (net, host, otherHost, pad) => {
        // Excludes ::ffff:0:0/96, which is IPv4.
        fc.pre(net.some((group) => group !== 0));
        const one = blockOf(spellAddress([...net, ...host], pad));
        expect(one).toBe(blockOf(spellAddress([...net, ...otherHost], !pad)));
        const [first = 0, ...rest] = [...net].reverse();
        const next = [first ^ 1, ...rest].reverse();
        expect(blockOf(spellAddress([...next, ...host], pad))).not.toBe(one);
      }),
    );
  });

  test.each([
    ["2001:db8::1", "2001:db8:0:0::2"],
    ["2001:db8::1", "2001:0DB8:0000:0000:ffff:ffff:ffff:ffff"],
    ["2001:db8:1:2::", "2001:db8:1:2:3:4:5:6"],
    ["2001:db8:1:2:3:4:192.0.2.1", "2001:db8:1:2::1"],
    ["fe80::1%eth0", "fe80::2"],
    ["::1", "::2"],
    ["1::", "1:0:0:0:5::"],
  ])("puts %s and %s into the same block", (one, other) => {
    expect(blockOf(one)).toBe(blockOf(other));
    expect(blockOf(one)).toMatch(/\/64$/);
  });

  test("puts callers without a readable address into one block, so that they still share a limit", () => {
    for (const address of [
      undefined,
      "",
      "somewhere",
      "192.0.2.1, 192.0.2.2",
      "192.0.2.256",
      "192.0.2.1:80",
    ]) {
      expect(blockOf(address)).toBe(blockOf());
    }
  });

  test("returns a well-formed block for any input", () => {
    const text = fc.stringMatching(/^[\w:.%/]{0,40}$/);
    fc.assert(
      fc.property(fc.oneof(fc.ipV6(), fc.ipV4(), text), (address) => {
        expect(blockOf(address)).toMatch(
          /^([\da-f]{1,4}:){3}[\da-f]{1,4}\/64$|^\d+\.\d+\.\d+\.\d+$|^unknown$/,
        );
      }),
    );
    fc.assert(fc.property(fc.ipV4(), (address) => blockOf(address) === address));
    fc.assert(fc.property(fc.ipV6(), (address) => blockOf(address) !== blockOf()));
  });

  // @proof client-block-ignores-forwarded-headers
  test("ignores the forwarding headers that a caller can send", () => {
    const headers = new Headers({ "x-forwarded-for": "192.0.2.1", forwarded: "for=192.0.2.1" });
    expect(clientBlock(headers, withoutProxy)).toBe(blockOf());
  });

  describe("behind a proxy", () => {
    const secret = "a-secret-of-the-proxy-with-43-characters-00";
    const throughProxy = (presented: string, PROXY_SECRET: string | undefined) =>
      clientBlock(
        new Headers({
          "x-real-ip": "192.0.2.1",
          [proxyHeaders.secret]: presented,
          [proxyHeaders.address]: "198.51.100.7",
        }),
        { PROXY_SECRET },
      );

    // @proof proxy-states-client-address
    test("is the address that the proxy states, if it presents PROXY_SECRET", () => {
      expect(throughProxy(secret, secret)).toBe("198.51.100.7");
    });

    test.each([
      ["another secret", `${secret}x`, secret],
      ["an empty secret", "", secret],
      ["a secret while the variable is not set", secret, undefined],
      ["an empty secret while the variable is not set", "", undefined],
    ])("is the caller's own address with %s", (_, presented, expected) => {
      expect(throughProxy(presented, expected)).toBe("192.0.2.1");
    });

    test("is shared by all its callers if it states no address", () => {
      const headers = new Headers({ "x-real-ip": "192.0.2.1", [proxyHeaders.secret]: secret });
      expect(clientBlock(headers, { PROXY_SECRET: secret })).toBe(blockOf());
    });
  });
});
