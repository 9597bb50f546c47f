import type { Route } from "@vercel/routing-utils";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EdgeRequest } from "../src/edge-request.js";
import { listOutput } from "../src/output-files.js";
import { type Outcome, route } from "../src/router.js";
import { readRoutes } from "../src/routes.js";
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

type RequestFields = { method?: string; headers?: Record<string, string> };

/** Routes a request with the `routes` of the output and the settings of a vercel.json. */
async function routePath(
  path: string,
  routes: Route[],
  vercel: object = {},
  fields: RequestFields = {},
): Promise<Outcome> {
  await fixture.writeConfig({ routes });
  await fixture.writeVercelJson({ ...vercel });
  const { output, vercelJson } = fixture;
  const { routes: merged, overrides } = await readRoutes(output, vercelJson);
  const request: EdgeRequest = {
    id: "id",
    method: fields.method ?? "GET",
    url: new URL(`http://localhost${path}`),
    headers: fields.headers ?? {},
  };
  return route({ routes: merged, files: await listOutput(output, overrides) }, request);
}

/** Returns the file or function of an outcome, or its status. */
function target(outcome: Outcome): string | number {
  if (outcome.kind === "status") return outcome.status;
  const { entry } = outcome;
  const path = entry.kind === "static" ? entry.file : entry.directory;
  return path.slice(path.lastIndexOf(entry.kind === "static" ? "static/" : "functions/"));
}

const item: Route = { src: "^/api/items/(?<id>[^/]+)$", dest: "/api/items/[id]", check: true };
const filesystem: Route = { handle: "filesystem" };

describe("the order of phases", () => {
  test("a file has precedence over the routes after the filesystem phase, but not over those before", async () => {
    const toItem: Route = { src: "^/page\\.html$", dest: "/api/item" };
    expect(target(await routePath("/page.html", [filesystem, toItem]))).toBe("static/page.html");
    expect(target(await routePath("/page.html", [toItem, filesystem]))).toBe("functions/api/item.func");
  });

  test("a rewrite of vercel.json continues with the routes of the output", async () => {
    const rewrites = [{ source: "/old/:id", destination: "/api/items/:id" }];
    expect(target(await routePath("/old/7", [filesystem, item], { rewrites }))).toBe(
      "functions/api/items/[id].func",
    );
  });

  test.each(["rewrite", "miss", "resource"] as const)("routes of the %s phase come last", async (handle) => {
    expect(target(await routePath("/api/items/7", [filesystem, { handle }, item]))).toBe(
      "functions/api/items/[id].func",
    );
  });

  test("a destination that does not exist ends its phase, unless it has check", async () => {
    const first: Route = { src: "^/gone$", dest: "/nowhere" };
    const second: Route = { src: "^/nowhere$", dest: "/api/item" };
    expect(target(await routePath("/gone", [filesystem, first, second]))).toBe(404);
    expect(target(await routePath("/gone", [filesystem, { ...first, check: true }, second]))).toBe(
      "functions/api/item.func",
    );
  });

  test("the error phase serves a page for the status that its route names", async () => {
    const page: Route = { src: "^(?!/api).*$", status: 404, dest: "/404.html" };
    const routes: Route[] = [filesystem, { handle: "error" }, { ...page, status: 500 }, page];
    expect(await routePath("/nothing", routes)).toMatchObject({ kind: "entry", status: 404 });
    expect(target(await routePath("/nothing", routes))).toBe("static/404.html");
    expect(target(await routePath("/api/nothing", routes))).toBe(404);
  });

  test("a route with a status applies before the filesystem", async () => {
    expect(target(await routePath("/page.html", [{ src: "^/page.*$", status: 403 }, filesystem]))).toBe(403);
  });
});

describe("headers", () => {
  test("a later continuing route overrides the headers of an earlier one", async () => {
    const headers = [
      { source: "/(.*)", headers: [{ key: "X-Rule", value: "all" }] },
      { source: "/page.html", headers: [{ key: "x-rule", value: "page" }] },
    ];
    expect((await routePath("/page.html", [filesystem], { headers })).headers.get("x-rule")).toBe("page");
    expect((await routePath("/404.html", [filesystem], { headers })).headers.get("x-rule")).toBe("all");
  });

  test("the hit phase adds headers when a file is found, without replacing any", async () => {
    const routes: Route[] = [
      { src: "^/.*$", headers: { "x-kept": "main" }, continue: true },
      filesystem,
      { handle: "hit" },
      { src: "^/(.*)$", headers: { "x-kept": "hit", "x-file": "$1" }, continue: true },
    ];
    const { headers } = await routePath("/page.html", routes);
    expect(Object.fromEntries(headers)).toEqual({ "x-kept": "main", "x-file": "page.html" });
    expect((await routePath("/nothing", routes)).headers.has("x-file")).toBe(false);
  });

  test("a redirect of vercel.json fills its location with the captured parameters", async () => {
    const redirects = [{ source: "/from/:name", destination: "/to/:name" }];
    const outcome = await routePath("/from/here", [filesystem], { redirects });
    expect(outcome).toMatchObject({ kind: "status", status: 308 });
    expect(outcome.headers.get("location")).toBe("/to/here");
  });

  test("headers of continuing routes stay on a 404", async () => {
    const headers = [{ source: "/(.*)", headers: [{ key: "x-all", value: "yes" }] }];
    expect((await routePath("/nothing", [filesystem], { headers })).headers.get("x-all")).toBe("yes");
  });
});

describe("matching", () => {
  test("named and numbered groups fill a destination and its query", async () => {
    const toItem: Route = { src: "^/(\\w+)/(?<id>\\d+)$", dest: "/api/item?kind=$1&id=$id", check: true };
    const outcome = await routePath("/thing/42", [filesystem, toItem]);
    expect(outcome.kind === "entry" && String(outcome.query)).toBe("kind=thing&id=42");
  });

  test("paths match case-insensitively unless the route is case-sensitive", async () => {
    expect(target(await routePath("/API/items/7", [filesystem, item]))).toBe("functions/api/items/[id].func");
    expect(target(await routePath("/API/items/7", [filesystem, { ...item, caseSensitive: true }]))).toBe(404);
  });

  test("a route with methods matches only those methods", async () => {
    const routes: Route[] = [filesystem, { ...item, methods: ["POST"] }];
    expect(target(await routePath("/api/items/7", routes))).toBe(404);
    expect(target(await routePath("/api/items/7", routes, {}, { method: "POST" }))).toBe(
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
  ] as const)("has and missing match %s", async (_title, condition, isMet) => {
    const fields = { headers: { "x-kind": "red", cookie: "a=b; theme=dark" } };
    const path = "/api/items/7?q=abc&n=5";
    const found = (routes: Route[]) => routePath(path, routes, {}, fields).then(target);
    const has = JSON.parse(JSON.stringify([condition]));
    expect(await found([filesystem, { ...item, has }])).toBe(isMet ? "functions/api/items/[id].func" : 404);
    expect(await found([filesystem, { ...item, missing: has }])).toBe(
      isMet ? 404 : "functions/api/items/[id].func",
    );
  });

  test("groups of a has condition fill the destination", async () => {
    const has = [{ type: "header" as const, key: "x-kind", value: "(?<kind>\\w+)" }];
    const routes: Route[] = [filesystem, { src: "^/any$", dest: "/api/item?kind=$kind", has, check: true }];
    const outcome = await routePath("/any", routes, {}, { headers: { "x-kind": "red" } });
    expect(outcome.kind === "entry" && String(outcome.query)).toBe("kind=red");
  });
});

describe("loading rejects what the server does not support", () => {
  test.each([
    ["a destination on another host", { src: "^/x$", dest: "https://example.com/" }, "another host"],
    ["middleware", { src: "^/x$", middlewarePath: "middleware" }, "middlewarePath"],
    ["an invalid pattern", { src: "^/(x$" }, "regular expression"],
  ])("%s", async (_title, refused, message) => {
    await expect(routePath("/x", [refused])).rejects.toThrow(message);
  });
});

describe("files of the output", () => {
  test("an override replaces the path of a file", async () => {
    await fixture.writeConfig({ overrides: { "page.html": { path: "page" } } });
    const { overrides } = await readRoutes(fixture.output, fixture.vercelJson);
    const files = await listOutput(fixture.output, overrides);
    expect(files.find("/page")).toMatchObject({ kind: "static" });
    expect(files.find("/page.html")).toBeUndefined();
  });

  test("an index file serves its folder, with and without a trailing slash", async () => {
    await fixture.write("static/docs/index.html", "docs");
    await fixture.writeFunction("api/list/index", "export default {}");
    const files = await listOutput(fixture.output, {});
    for (const path of ["/docs", "/docs/", "/docs/index.html", "/api/list", "/api/list/"]) {
      expect(files.find(path), path).toBeDefined();
    }
  });

  test.each(["/page.html/", "/api%2Fitem", "/../config.json", "/config.json", "/api/item.func/index.mjs"])(
    "%s matches no file",
    async (path) => {
      expect((await listOutput(fixture.output, {})).find(path)).toBeUndefined();
    },
  );
});
