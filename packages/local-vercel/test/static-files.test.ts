import { describe, expect, test } from "vitest";
import { useFixtureServer } from "./fixture-server.js";

const server = useFixtureServer();

describe("static files", () => {
  test.each([
    ["/", "start", "text/html; charset=utf-8"],
    ["/about", "about", "text/html; charset=utf-8"],
    ["/app.js", "run();", "application/javascript; charset=utf-8"],
  ])("GET %s returns its content and type", async (path, content, type) => {
    const response = await server().get(path);
    expect([response.status, await response.text()]).toEqual([200, content]);
    expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("x-rule")).toBe("route");
    expect(response.headers.get("cache-control")).toBe("public, max-age=0, must-revalidate");
  });

  test("GET with the ETag of the file returns 304 without a body", async () => {
    const etag = (await server().get("/app.js")).headers.get("etag") ?? "";
    const response = await server().get("/app.js", { headers: { "if-none-match": `"other", W/${etag}` } });
    expect([response.status, await response.text(), response.headers.get("etag")]).toEqual([304, "", etag]);
    expect((await server().get("/app.js", { headers: { "if-none-match": '"other"' } })).status).toBe(200);
  });

  test("HEAD returns only the headers", async () => {
    const response = await server().get("/logo.png", { method: "HEAD" });
    expect([response.headers.get("content-length"), response.headers.get("content-type")]).toEqual([
      "4",
      "image/png",
    ]);
    expect(await response.text()).toBe("");
  });

  test("POST returns 405", async () => {
    expect((await server().get("/app.js", { method: "POST", body: "x" })).status).toBe(405);
  });

  test("an unknown page returns the 404 page, an unknown API path a plain 404", async () => {
    const page = await server().get("/unknown");
    expect([page.status, await page.text()]).toEqual([404, "lost"]);
    const api = await server().get("/api/unknown");
    expect([api.status, api.headers.get("x-vercel-error")]).toEqual([404, "NOT_FOUND"]);
  });

  test("a redirect of vercel.json returns its location", async () => {
    const response = await server().get("/moved/7");
    expect([response.status, response.headers.get("location")]).toEqual([307, "/api/items/7"]);
  });
});
