import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { HttpBindings } from "@hono/node-server";
import { createAdaptorServer } from "@hono/node-server";

/*
 * A process with functions of a Build Output and nothing else: no router of the platform in front, the HTTP host
 * that the peers have. Functions are imported at their first request.
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

const fallback = ["/api/_shared", "/api/auth"].find((name) => names.has(name)) ?? "";
const imported = new Map<string, Promise<Handler>>();

function load(path: string): Promise<Handler> {
  const dynamic = path.replace(/\/[^/]+$/, "/[id]");
  const name = [path, dynamic].find((one) => names.has(one)) ?? fallback;
  const known = imported.get(name) ?? importFunction(name);
  imported.set(name, known);
  return known;
}

async function importFunction(name: string): Promise<Handler> {
  const file = join(functionsDir, `${name}.func`, "index.mjs");
  return (await import(pathToFileURL(file).href)).default;
}

// Where `@vercel/functions` looks for `waitUntil`; nothing is frozen here, so there is nothing to wait for.
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
