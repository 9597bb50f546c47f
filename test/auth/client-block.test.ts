import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientBlock } from "../../lib/http/client-address.js";

const block = (address?: string) =>
  clientBlock(new Headers(address === undefined ? {} : { "x-real-ip": address }));

const hextet = fc.integer({ min: 0, max: 0xffff });
const network = fc.array(hextet, { minLength: 4, maxLength: 4 });
const spelled = (groups: number[], pad: boolean) =>
  groups
    .map((group) => (pad ? group.toString(16).padStart(4, "0").toUpperCase() : group.toString(16)))
    .join(":");

describe("clientBlock", () => {
  test("is the address of an IPv4 caller, also when it is mapped into IPv6", () => {
    expect(block("192.0.2.1")).toBe("192.0.2.1");
    expect(block("::ffff:192.0.2.1")).toBe("192.0.2.1");
    expect(block("::FFFF:192.0.2.1")).toBe("192.0.2.1");
    expect(block("::ffff:c000:201")).toBe("192.0.2.1");
    expect(block("192.0.2.2")).not.toBe(block("192.0.2.1"));
  });

  test("is one for all addresses of an IPv6 /64, in every spelling, and another for the next", () => {
    fc.assert(
      fc.property(network, network, network, fc.boolean(), (net, host, otherHost, pad) => {
        // ::ffff:0:0/96 is IPv4.
        fc.pre(net.some((group) => group !== 0));
        const one = block(spelled([...net, ...host], pad));
        expect(one).toBe(block(spelled([...net, ...otherHost], !pad)));
        const [first = 0, ...rest] = [...net].reverse();
        const next = [first ^ 1, ...rest].reverse();
        expect(block(spelled([...next, ...host], pad))).not.toBe(one);
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
  ])("puts %s and %s into one block", (one, other) => {
    expect(block(one)).toBe(block(other));
    expect(block(one)).toMatch(/\/64$/);
  });

  test("puts callers without a readable address into one block: rather too strict than no limit", () => {
    for (const address of [
      undefined,
      "",
      "somewhere",
      "192.0.2.1, 192.0.2.2",
      "192.0.2.256",
      "192.0.2.1:80",
    ]) {
      expect(block(address)).toBe(block());
    }
  });

  test("has a block for every address and every text", () => {
    const text = fc.stringMatching(/^[\w:.%/]{0,40}$/);
    fc.assert(
      fc.property(fc.oneof(fc.ipV6(), fc.ipV4(), text), (address) => {
        expect(block(address)).toMatch(/^([\da-f]{1,4}:){3}[\da-f]{1,4}\/64$|^\d+\.\d+\.\d+\.\d+$|^unknown$/);
      }),
    );
    fc.assert(fc.property(fc.ipV4(), (address) => block(address) === address));
    fc.assert(fc.property(fc.ipV6(), (address) => block(address) !== block()));
  });

  test("looks at nothing that a caller can send", () => {
    const headers = new Headers({ "x-forwarded-for": "192.0.2.1", forwarded: "for=192.0.2.1" });
    expect(clientBlock(headers)).toBe(block());
  });
});
