import { once } from "node:events";
import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { fixtureValue, printed, useFixtureServer } from "./fixture-server.js";
import { rawRequest, sendRaw } from "./raw-request.js";

const server = useFixtureServer();

type Echo = { url: string; method: string; headers: Record<string, string>; body: string };

async function echo(path: string, init: RequestInit = {}): Promise<Echo> {
  return (await server().get(path, init)).json() as Promise<Echo>;
}

describe("a function receives", () => {
  test.each(["/api/items/7?id=evil&x=%20", "/well-known.json?a=1", "/api/echo"])(
    "the URL of the request: %s",
    async (path) => {
      expect((await echo(path)).url).toBe(server().running.origin + path);
    },
  );

  test("the query parameters of its route, except those that the caller set", async () => {
    const { url } = await echo("/api/added?kept=mine");
    expect(url).toBe(`${server().running.origin}/api/added?kept=mine&added=yes`);
  });

  test.each(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])(
    "the method %s",
    async (method) => {
      expect((await echo("/api/echo", { method })).method).toBe(method);
    },
  );

  test("the body, whether sent whole or streamed", async () => {
    expect((await echo("/api/echo", { method: "POST", body: "whole" })).body).toBe("whole");
    const body = new Blob(["in ", "pieces"]).stream();
    const init: RequestInit & { duplex: "half" } = { method: "PUT", body, duplex: "half" };
    expect((await echo("/api/echo", init)).body).toBe("in pieces");
  });

  test("the environment of the server process", async () => {
    expect(await (await server().get("/api/environment")).text()).toBe(fixtureValue);
  });

  test("the address of the socket, not the one in the caller's headers", async () => {
    const spoofed = [
      "x-forwarded-for",
      "x-real-ip",
      "x-vercel-forwarded-for",
      "x-vercel-ip-country",
      "forwarded",
    ];
    const headers = Object.fromEntries(
      [...spoofed, "x-vercel-id", "x-kept"].map((name) => [name, "6.6.6.6"]),
    );
    const { port } = new URL(server().running.origin);
    const seen = (await (await fetch(`http://127.0.0.1:${port}/api/echo`, { headers })).json()) as Echo;
    expect(seen.headers).toMatchObject({
      "x-forwarded-for": "127.0.0.1",
      "x-real-ip": "127.0.0.1",
      "x-vercel-forwarded-for": "127.0.0.1",
      "x-forwarded-host": `127.0.0.1:${port}`,
      "x-forwarded-proto": "http",
      "x-kept": "6.6.6.6",
    });
    expect(seen.headers["x-vercel-id"]).toMatch(/^dev1::\w+-\d+-\w+$/);
    expect(seen.headers).not.toHaveProperty("x-vercel-ip-country");
    expect(seen.headers).not.toHaveProperty("forwarded");
  });

  test("the place of the option geo, not the one in the caller's headers", async () => {
    const running = await server().start({ geo: { city: "Århus", country: "DK" } });
    const headers = { "x-vercel-ip-city": "Oslo", "x-vercel-ip-country": "NO" };
    const seen = (await (await fetch(`${running.origin}/api/echo`, { headers })).json()) as Echo;
    expect(seen.headers).toMatchObject({ "x-vercel-ip-city": "%C3%85rhus", "x-vercel-ip-country": "DK" });
  });

  test("several cookies as one header", async () => {
    const response = await sendRaw(
      server().running.origin,
      rawRequest("GET /api/echo HTTP/1.1", "Host: localhost", "Cookie: a=1", "Cookie: b=2"),
    );
    expect(response).toContain('"cookie":"a=1; b=2"');
  });
});

test("listens on ::1 too, where the machine has it", async (context) => {
  const probe = createServer().listen({ host: "::1", port: 0 });
  const hasIpv6 = await Promise.race([
    once(probe, "listening").then(() => true),
    once(probe, "error").then(() => false),
  ]).catch(() => false);
  probe.close();
  context.skip(!hasIpv6, "this machine has no ::1");
  const response = await sendRaw(
    server().running.origin,
    rawRequest("GET /api/echo HTTP/1.1", "Host: [::1]"),
    "::1",
  );
  expect(response).toContain('"x-forwarded-for":"::1"');
});

describe("the response of a function", () => {
  test("keeps separate cookies, and headers of routes replace its own", async () => {
    const response = await server().get("/api/cookies");
    expect(response.status).toBe(201);
    expect(response.headers.getSetCookie()).toEqual(["a=1; Path=/", "b=2; Path=/"]);
    const names = ["x-rule", "x-own", "x-api"];
    expect(names.map((name) => response.headers.get(name))).toEqual(["route", "function", "yes"]);
  });

  test("has a content-length when its body is a string", async () => {
    const text = await server().get("/api/echo");
    expect(text.headers.get("content-length")).toBe(String((await text.arrayBuffer()).byteLength));
  });

  test("is streamed", async () => {
    const reader = (await server().get("/api/stream")).body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value)).toBe("first ");
    // The rest is written only now, so that a slow reader cannot receive both chunks together.
    await server().get("/api/stream?resume");
    const second = await reader?.read();
    expect(new TextDecoder().decode(second?.value)).toBe("second");
  });

  test("sends its head before its body is available", async () => {
    const { status, body } = await server().get("/api/stream?silent");
    expect(status).toBe(200);
    await body?.cancel();
    await printed(server().running, "cancelled silent");
  });

  test("is cancelled when the caller disconnects", async () => {
    const reader = (await server().get("/api/stream?begun")).body?.getReader();
    expect((await reader?.read())?.value).toHaveLength(1);
    await reader?.cancel();
    await printed(server().running, "cancelled begun");
  });

  test("is cut off when it fails after its first chunk, and is a 500 when it fails before", async () => {
    await expect((await server().get("/api/stream?cut")).arrayBuffer()).rejects.toThrow("terminated");
    const broken = await server().get("/api/stream?broken");
    expect([broken.status, broken.headers.get("x-vercel-error")]).toEqual([
      500,
      "FUNCTION_INVOCATION_FAILED",
    ]);
  });

  test("arrives completely when it is large", async () => {
    const large = await server().get("/api/stream?large");
    expect((await large.arrayBuffer()).byteLength).toBe(16 * 1024 * 1024);
  });

  test("to HEAD has only headers", async () => {
    const response = await server().get("/api/cookies", { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([201, ""]);
  });
});

describe("a function can be exported", () => {
  test("as HTTP methods; missing methods return 405", async () => {
    expect(await (await server().get("/api/methods")).text()).toBe("got /api/methods");
    expect(await (await server().get("/api/methods", { method: "POST", body: "sent" })).text()).toBe("sent");
    expect((await server().get("/api/methods", { method: "DELETE" })).status).toBe(405);
  });

  test("as (req, res), and headers of routes replace its own", async () => {
    const response = await server().get("/api/node?x=1", { headers: { "x-forwarded-for": "6.6.6.6" } });
    expect(await response.text()).toMatch(/^GET \/api\/node\?x=1 (127\.0\.0\.1|::1)$/);
    expect(response.headers.get("x-rule")).toBe("route");
  });

  test("under several paths that share one instance", async () => {
    const responses = [
      await server().get("/api/counter"),
      await server().get("/api/counter-too"),
      await server().get("/api/counter"),
    ];
    expect(await Promise.all(responses.map((response) => response.json()))).toEqual([
      { instance: 1, requests: 1 },
      { instance: 1, requests: 2 },
      { instance: 1, requests: 3 },
    ]);
  });
});

describe("waitUntil", () => {
  test("uses the context of the current request when several run concurrently", async () => {
    const names = ["one", "two", "three"];
    const seen = names.map(async (name) => {
      const init = { headers: { "x-name": name } };
      return (await server().get(`/api/context?name=${name}&hold=${name.length * 10}`, init)).json();
    });
    const expected = names.map((name) => ({
      url: `${server().running.origin}/api/context?name=${name}&hold=${name.length * 10}`,
      header: name,
    }));
    expect(await Promise.all(seen)).toEqual(expected);
    for (const name of names) await printed(server().running, `after ${name}`);
  });

  test("prints work that fails", async () => {
    expect((await server().get("/api/context?name=worker&fail")).status).toBe(200);
    await printed(server().running, "failed worker");
  });
});
