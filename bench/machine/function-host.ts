import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { HttpBindings } from "@hono/node-server";
import { createAdaptorServer } from "@hono/node-server";

/*
 * Serves the functions of a Build Output on @hono/node-server, the HTTP host of the peers, without the local Vercel
 * server in front. Each function is imported on its first request.
 */

type Handler = { fetch(request: Request): Response | Promise<Response> };

const functionsDir = join(process.env["BENCH_OUTPUT"] ?? "", "functions");
const suffix = ".func/.vc-config.json";
const names = new Set(
  readdirSync(functionsDir, { recursive: true })
    .map((file) => `/${String(file)}`)
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length)),
);

const fallbackName = ["/api/_shared", "/api/auth"].find((name) => names.has(name)) ?? "";
const imported = new Map<string, Promise<Handler>>();

function load(path: string): Promise<Handler> {
  const dynamic = path.replace(/\/[^/]+$/, "/[id]");
  const name = [path, dynamic].find((candidate) => names.has(candidate)) ?? fallbackName;
  const handler = imported.get(name) ?? importFunction(name);
  imported.set(name, handler);
  return handler;
}

async function importFunction(name: string): Promise<Handler> {
  const file = join(functionsDir, `${name}.func`, "index.mjs");
  return (await import(pathToFileURL(file).href)).default;
}

// `@vercel/functions` looks here for `waitUntil`. This process is never frozen, so pending work needs no waiting.
const context = { waitUntil: (work: Promise<unknown>) => void work.catch(console.error) };
Reflect.set(globalThis, Symbol.for("@vercel/request-context"), { get: () => context });

async function fetch(request: Request, { incoming }: HttpBindings): Promise<Response> {
  const path = incoming.url?.split("?", 1)[0] ?? "/";
  const { fetch: handle } = await load(path);
  request.headers.set("x-real-ip", incoming.socket.remoteAddress ?? "");
  return handle(request);
}

const server = createAdaptorServer({ fetch: (request, env) => fetch(request, env as HttpBindings) });
if ("keepAliveTimeout" in server) server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address) process.send?.({ port: address.port });
});
