import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { problems } from "../../lib/problem.js";
import { type Stack, startStack } from "../stack/stack.js";
import { signUp } from "../stack/users.js";
import { appOrigin, openBrowser, sessionCookieOf, visit } from "./browser.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

let stack: Stack;
let browser: Browser;
let server: Server;
/** Same site as the API, but another origin. */
let frontEnd: string;

beforeAll(async () => {
  server = createServer(await readFrontEnd());
  await once(server.listen(0, "localhost"), "listening");
  frontEnd = `http://localhost:${(server.address() as AddressInfo).port}`;
  stack = await startStack({ env: { CORS_ORIGINS: frontEnd } });
  browser = await openBrowser(stack);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  server?.close();
});

/** Serves the two files that the README of the client shows. */
async function readFrontEnd(): Promise<RequestListener> {
  const readme = await readFile(new URL("../../packages/client/README.md", import.meta.url), "utf8");
  const [, shown = ""] = readme.split("<!-- front end -->");
  const html = /```html\n(.*?)```/s.exec(shown)?.[1] ?? "";
  const script = /```js\n(.*?)```/s.exec(shown)?.[1] ?? "";
  const { outputFiles } = await build({
    stdin: { contents: script.replace("https://api.example.com", appOrigin), resolveDir: root },
    bundle: true,
    format: "esm",
    conditions: ["workspace"],
    write: false,
  });
  return ({ url }, response) => {
    const isScript = url === "/main.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? outputFiles[0]?.text : html);
  };
}

test("the front end of the client's README signs in from another origin, survives a reload, signs out", async () => {
  const person = await signUp(stack);
  await person.client.post("/api/tasks", { title: "Water the plants" }, { token: person.token });
  const { context, page } = await visit(browser, { refusals: [401] });
  await page.goto(`${frontEnd}/`);
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password").fill("wrong password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").filter({ hasText: problems["invalid-credentials"].title }).waitFor();
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Water the plants").waitFor();
  await page.reload();
  await page.getByText("Water the plants").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  expect(await sessionCookieOf(context)).toBeUndefined();
});
