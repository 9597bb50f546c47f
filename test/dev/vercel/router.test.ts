import type { Route } from "@vercel/routing-utils";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Incoming } from "../../../dev/vercel/incoming.js";
import { listOutput } from "../../../dev/vercel/output-files.js";
import { type Outcome, route } from "../../../dev/vercel/router.js";
import { readRoutes } from "../../../dev/vercel/routes.js";
import { createFixture, type Fixture } from "./output-fixture.js";

let fixture: Fixture;

beforeEach(async () => {
  fixture = await createFixture();
  await fixture.write("static/page.html", "a page");
  await fixture.write("static/404.html", "not here");
  await fixture.writeFunction("api/item", "export default {}");
  await fixture.writeFunction("api/items/[id]", "export default {}");
});
afterEach(() => fixture.remove());

type Asked = { method?: string; headers?: Record<string, string> };

/** Routes a request by `routes` of the output and `vercel` of vercel.json. */
async function ask(path: string, routes: Route[], vercel: object = {}, asked: Asked = {}): Promise<Outcome> {
  await fixture.writeConfig({ routes });
  await fixture.writeVercelJson({ ...vercel });
  const { output, vercelJson } = fixture;
  const { routes: merged, overrides } = await readRoutes(output, vercelJson);
  const request: Incoming = {
    id: "id",
    method: asked.method ?? "GET",
    url: new URL(`http://localhost${path}`),
    headers: asked.headers ?? {},
  };
  return route({ routes: merged, files: await listOutput(output, overrides) }, request);
}

/** The file or function an outcome leads to, or its status. */
function target(outcome: Outcome): string | number {
  if (outcome.kind === "status") return outcome.status;
  const { entry } = outcome;
  const place = entry.kind === "static" ? entry.file : entry.directory;
  return place.slice(place.lastIndexOf(entry.kind === "static" ? "static/" : "functions/"));
}

const item: Route = { src: "^/api/items/(?<id>[^/]+)$", dest: "/api/items/[id]", check: true };
const filesystem: Route = { handle: "filesystem" };

describe("the order of phases", () => {
  test("a file wins over the routes after the filesystem, but not over those before it", async () => {
    const toItem: Route = { src: "^/page\\.html$", dest: "/api/item" };
    expect(target(await ask("/page.html", [filesystem, toItem]))).toBe("static/page.html");
    expect(target(await ask("/page.html", [toItem, filesystem]))).toBe("functions/api/item.func");
  });

  test("a rewrite of vercel.json goes on to the output's own routes", async () => {
    const rewrites = [{ source: "/old/:id", destination: "/api/items/:id" }];
    expect(target(await ask("/old/7", [filesystem, item], { rewrites }))).toBe(
      "functions/api/items/[id].func",
    );
  });

  test.each(["rewrite", "miss", "resource"] as const)(
    "routes of the %s phase are asked at last",
    async (handle) => {
      expect(target(await ask("/api/items/7", [filesystem, { handle }, item]))).toBe(
        "functions/api/items/[id].func",
      );
    },
  );

  test("a destination without check that is no file ends its phase", async () => {
    const first: Route = { src: "^/gone$", dest: "/nowhere" };
    const second: Route = { src: "^/nowhere$", dest: "/api/item" };
    expect(target(await ask("/gone", [filesystem, first, second]))).toBe(404);
    expect(target(await ask("/gone", [filesystem, { ...first, check: true }, second]))).toBe(
      "functions/api/item.func",
    );
  });

  test("the error phase answers a path nothing serves, for the status it names", async () => {
    const page: Route = { src: "^(?!/api).*$", status: 404, dest: "/404.html" };
    const routes: Route[] = [filesystem, { handle: "error" }, { ...page, status: 500 }, page];
    expect(await ask("/nothing", routes)).toMatchObject({ kind: "entry", status: 404 });
    expect(target(await ask("/nothing", routes))).toBe("static/404.html");
    expect(target(await ask("/api/nothing", routes))).toBe(404);
  });

  test("a status route refuses before a file is looked for", async () => {
    expect(target(await ask("/page.html", [{ src: "^/page.*$", status: 403 }, filesystem]))).toBe(403);
  });
});

describe("headers", () => {
  test("a later route that continues overrides an earlier one", async () => {
    const headers = [
      { source: "/(.*)", headers: [{ key: "X-Rule", value: "all" }] },
      { source: "/page.html", headers: [{ key: "x-rule", value: "page" }] },
    ];
    expect((await ask("/page.html", [filesystem], { headers })).headers.get("x-rule")).toBe("page");
    expect((await ask("/404.html", [filesystem], { headers })).headers.get("x-rule")).toBe("all");
  });

  test("the hit phase adds headers where a file is found and replaces none", async () => {
    const routes: Route[] = [
      { src: "^/.*$", headers: { "x-kept": "main" }, continue: true },
      filesystem,
      { handle: "hit" },
      { src: "^/(.*)$", headers: { "x-kept": "hit", "x-file": "$1" }, continue: true },
    ];
    const { headers } = await ask("/page.html", routes);
    expect(Object.fromEntries(headers)).toEqual({ "x-kept": "main", "x-file": "page.html" });
    expect((await ask("/nothing", routes)).headers.has("x-file")).toBe(false);
  });

  test("a redirect of vercel.json carries what it captured in its location", async () => {
    const redirects = [{ source: "/from/:name", destination: "/to/:name" }];
    const outcome = await ask("/from/here", [filesystem], { redirects });
    expect(outcome).toMatchObject({ kind: "status", status: 308 });
    expect(outcome.headers.get("location")).toBe("/to/here");
  });

  test("routes that continue are kept when the path ends as 404", async () => {
    const headers = [{ source: "/(.*)", headers: [{ key: "x-all", value: "yes" }] }];
    expect((await ask("/nothing", [filesystem], { headers })).headers.get("x-all")).toBe("yes");
  });
});

describe("matching", () => {
  test("named and numbered groups fill a destination and its query", async () => {
    const toItem: Route = { src: "^/(\\w+)/(?<id>\\d+)$", dest: "/api/item?kind=$1&id=$id", check: true };
    const outcome = await ask("/thing/42", [filesystem, toItem]);
    expect(outcome.kind === "entry" && String(outcome.query)).toBe("kind=thing&id=42");
  });

  test("a path is matched without regard to case unless the route wants it", async () => {
    expect(target(await ask("/API/items/7", [filesystem, item]))).toBe("functions/api/items/[id].func");
    expect(target(await ask("/API/items/7", [filesystem, { ...item, caseSensitive: true }]))).toBe(404);
  });

  test("a route with methods is for them alone", async () => {
    const routes: Route[] = [filesystem, { ...item, methods: ["POST"] }];
    expect(target(await ask("/api/items/7", routes))).toBe(404);
    expect(target(await ask("/api/items/7", routes, {}, { method: "POST" }))).toBe(
      "functions/api/items/[id].func",
    );
  });

  test.each([
    ["a host", { type: "host", value: "localhost" }, true],
    ["another host", { type: "host", value: "example\\.com" }, false],
    ["a header's name in any case", { type: "header", key: "X-Kind" }, true],
    ["a header's value, whole", { type: "header", key: "x-kind", value: "re" }, false],
    ["a cookie", { type: "cookie", key: "theme", value: "da.*" }, true],
    ["a query parameter", { type: "query", key: "q", value: { pre: "a", suf: "c" } }, true],
    ["a missing query parameter", { type: "query", key: "other" }, false],
    ["a number", { type: "query", key: "n", value: { gte: 5, lt: 6 } }, true],
    ["a list", { type: "header", key: "x-kind", value: { inc: ["blue"] } }, false],
  ] as const)("has and missing tell %s", async (_title, condition, isMet) => {
    const asked = { headers: { "x-kind": "red", cookie: "a=b; theme=dark" } };
    const path = "/api/items/7?q=abc&n=5";
    const found = (routes: Route[]) => ask(path, routes, {}, asked).then(target);
    const has = JSON.parse(JSON.stringify([condition]));
    expect(await found([filesystem, { ...item, has }])).toBe(isMet ? "functions/api/items/[id].func" : 404);
    expect(await found([filesystem, { ...item, missing: has }])).toBe(
      isMet ? 404 : "functions/api/items/[id].func",
    );
  });

  test("what a has condition captured fills the destination", async () => {
    const has = [{ type: "header" as const, key: "x-kind", value: "(?<kind>\\w+)" }];
    const routes: Route[] = [filesystem, { src: "^/any$", dest: "/api/item?kind=$kind", has, check: true }];
    const outcome = await ask("/any", routes, {}, { headers: { "x-kind": "red" } });
    expect(outcome.kind === "entry" && String(outcome.query)).toBe("kind=red");
  });
});

describe("what cannot be served locally is refused when it is loaded", () => {
  test.each([
    ["a destination on another host", { src: "^/x$", dest: "https://example.com/" }, "another host"],
    ["middleware", { src: "^/x$", middlewarePath: "middleware" }, "middlewarePath"],
    ["a pattern that is none", { src: "^/(x$" }, "regular expression"],
  ])("%s", async (_title, refused, message) => {
    await expect(ask("/x", [refused])).rejects.toThrow(message);
  });
});

describe("files of the output", () => {
  test("an override moves a file away from its own path", async () => {
    await fixture.writeConfig({ overrides: { "page.html": { path: "page" } } });
    const { overrides } = await readRoutes(fixture.output, fixture.vercelJson);
    const files = await listOutput(fixture.output, overrides);
    expect(files.find("/page")).toMatchObject({ kind: "static" });
    expect(files.find("/page.html")).toBeUndefined();
  });

  test("an index is served for its folder, with and without the slash", async () => {
    await fixture.write("static/docs/index.html", "docs");
    await fixture.writeFunction("api/list/index", "export default {}");
    const files = await listOutput(fixture.output, {});
    for (const path of ["/docs", "/docs/", "/docs/index.html", "/api/list", "/api/list/"]) {
      expect(files.find(path), path).toBeDefined();
    }
  });

  test.each(["/page.html/", "/api%2Fitem", "/../config.json", "/config.json", "/api/item.func/index.mjs"])(
    "%s is none",
    async (path) => {
      expect((await listOutput(fixture.output, {})).find(path)).toBeUndefined();
    },
  );
});
