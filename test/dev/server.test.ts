import { once } from "node:events";
import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { fixtureValue, printed, useFixtureServer } from "./vercel/fixture-server.js";
import { rawRequest, sendRaw } from "./vercel/raw-request.js";

const server = useFixtureServer();

type Echo = { url: string; method: string; headers: Record<string, string>; body: string };

async function echo(path: string, init: RequestInit = {}): Promise<Echo> {
  return (await server().get(path, init)).json() as Promise<Echo>;
}

describe("what a function sees", () => {
  test.each(["/api/items/7?id=evil&x=%20", "/well-known.json?a=1", "/api/echo"])(
    "the URL as it was asked for: %s",
    async (path) => {
      expect((await echo(path)).url).toBe(server().running.origin + path);
    },
  );

  test("the query a route adds, unless the caller set it", async () => {
    const { url } = await echo("/api/added?kept=mine");
    expect(url).toBe(`${server().running.origin}/api/added?kept=mine&added=yes`);
  });

  test.each(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])(
    "the method %s",
    async (method) => {
      expect((await echo("/api/echo", { method })).method).toBe(method);
    },
  );

  test("the body, sent in one piece or streamed", async () => {
    expect((await echo("/api/echo", { method: "POST", body: "whole" })).body).toBe("whole");
    const body = new Blob(["in ", "pieces"]).stream();
    const init: RequestInit & { duplex: "half" } = { method: "PUT", body, duplex: "half" };
    expect((await echo("/api/echo", init)).body).toBe("in pieces");
  });

  test("the environment of the server", async () => {
    expect(await (await server().get("/api/environment")).text()).toBe(fixtureValue);
  });

  test("the address of the socket, whatever the caller claims", async () => {
    const claims = [
      "x-forwarded-for",
      "x-real-ip",
      "x-vercel-forwarded-for",
      "x-vercel-ip-country",
      "forwarded",
    ];
    const headers = Object.fromEntries([...claims, "x-vercel-id", "x-kept"].map((name) => [name, "6.6.6.6"]));
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

  test("several cookies as one header", async () => {
    const answer = await sendRaw(
      server().running.origin,
      rawRequest("GET /api/echo HTTP/1.1", "Host: localhost", "Cookie: a=1", "Cookie: b=2"),
    );
    expect(answer).toContain('"cookie":"a=1; b=2"');
  });
});

test("localhost means ::1 as well, where the machine has it", async (context) => {
  const probe = createServer().listen({ host: "::1", port: 0 });
  const hasIpv6 = await Promise.race([
    once(probe, "listening").then(() => true),
    once(probe, "error").then(() => false),
  ]).catch(() => false);
  probe.close();
  context.skip(!hasIpv6, "this machine has no ::1");
  const answer = await sendRaw(
    server().running.origin,
    rawRequest("GET /api/echo HTTP/1.1", "Host: [::1]"),
    "::1",
  );
  expect(answer).toContain('"x-forwarded-for":"::1"');
});

describe("what a function answers", () => {
  test("keeps its cookies apart, and the routes' headers go over its own", async () => {
    const response = await server().get("/api/cookies");
    expect(response.status).toBe(201);
    expect(response.headers.getSetCookie()).toEqual(["a=1; Path=/", "b=2; Path=/"]);
    const names = ["x-rule", "x-own", "x-api"];
    expect(names.map((name) => response.headers.get(name))).toEqual(["route", "function", "yes"]);
  });

  test("has a length when it is a text", async () => {
    const text = await server().get("/api/echo");
    expect(text.headers.get("content-length")).toBe(String((await text.arrayBuffer()).byteLength));
  });

  test("is streamed as it comes", async () => {
    const reader = (await server().get("/api/stream")).body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value)).toBe("first ");
    // The rest is written only now: a slow reader must not find both at once.
    await server().get("/api/stream?go-on");
    const second = await reader?.read();
    expect(new TextDecoder().decode(second?.value)).toBe("second");
  });

  test("has its head sent before its body is there", async () => {
    const { status, body } = await server().get("/api/stream?silent");
    expect(status).toBe(200);
    await body?.cancel();
    await printed(server().running, "cancelled silent");
  });

  test("ends when the caller leaves in the middle", async () => {
    const reader = (await server().get("/api/stream?begun")).body?.getReader();
    expect((await reader?.read())?.value).toHaveLength(1);
    await reader?.cancel();
    await printed(server().running, "cancelled begun");
  });

  test("is cut off when it fails in the middle, and is 500 when nothing was sent", async () => {
    await expect((await server().get("/api/stream?cut")).arrayBuffer()).rejects.toThrow("terminated");
    const broken = await server().get("/api/stream?broken");
    expect([broken.status, broken.headers.get("x-vercel-error")]).toEqual([
      500,
      "FUNCTION_INVOCATION_FAILED",
    ]);
  });

  test("arrives whole, however large it is", async () => {
    const answer = await server().get("/api/stream?large");
    expect((await answer.arrayBuffer()).byteLength).toBe(16 * 1024 * 1024);
  });

  test("to HEAD is its headers alone", async () => {
    const response = await server().get("/api/cookies", { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([201, ""]);
  });
});

describe("how a function may be exported", () => {
  test("as methods: those it lacks answer 405", async () => {
    expect(await (await server().get("/api/methods")).text()).toBe("got /api/methods");
    expect(await (await server().get("/api/methods", { method: "POST", body: "sent" })).text()).toBe("sent");
    expect((await server().get("/api/methods", { method: "DELETE" })).status).toBe(405);
  });

  test("as (req, res), with the routes' headers over its own", async () => {
    const response = await server().get("/api/node?x=1", { headers: { "x-forwarded-for": "6.6.6.6" } });
    expect(await response.text()).toMatch(/^GET \/api\/node\?x=1 (127\.0\.0\.1|::1)$/);
    expect(response.headers.get("x-rule")).toBe("route");
  });

  test("under several paths, which share one instance", async () => {
    const answers = [
      await server().get("/api/counter"),
      await server().get("/api/counter-too"),
      await server().get("/api/counter"),
    ];
    expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual([
      { instance: 1, requests: 1 },
      { instance: 1, requests: 2 },
      { instance: 1, requests: 3 },
    ]);
  });
});

describe("waitUntil", () => {
  test("belongs to the request that runs, also among others", async () => {
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

  test("work that fails is printed", async () => {
    expect((await server().get("/api/context?name=worker&fail")).status).toBe(200);
    await printed(server().running, "failed worker");
  });
});
