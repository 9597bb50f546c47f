import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";

export type WebHandler = (request: Request) => unknown;
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** `web` returns `undefined` for a method that the module does not export. */
type Handler =
  | { kind: "web"; web(method: string): WebHandler | undefined }
  | { kind: "node"; node: NodeHandler };
export type LoadedFunction = { handler: Handler; maxDurationSeconds: number };

const methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"];

const configSchema = z.object({
  runtime: z.string().startsWith("nodejs"),
  handler: z.string(),
  launcherType: z.literal("Nodejs"),
  shouldAddHelpers: z.literal(false).default(false),
  maxDuration: z.number().default(300),
});

/** Imports the function in `directory` and detects its kind of handler, as Vercel's launcher does. */
export async function loadFunction(directory: string): Promise<LoadedFunction> {
  const config = configSchema.parse(JSON.parse(await readFile(join(directory, ".vc-config.json"), "utf8")));
  const exported: unknown = await import(pathToFileURL(join(directory, config.handler)).href);
  return { handler: detectHandler(unwrapDefault(exported)), maxDurationSeconds: config.maxDuration };
}

/** CommonJS interop nests `default` in `default`. */
function unwrapDefault(exported: unknown): unknown {
  let value = exported;
  for (let depth = 0; depth < 5; depth += 1) value = member(value, "default") ?? value;
  return value;
}

function detectHandler(exported: unknown): Handler {
  const fetch = member(exported, "fetch");
  if (isFunction(fetch)) {
    // Called as a method, so that `this` works, and with one argument, as on Vercel.
    return { kind: "web", web: () => (request) => Reflect.apply(fetch, exported, [request]) };
  }
  if (methods.some((method) => isFunction(member(exported, method)))) {
    return { kind: "web", web: (method) => exportedMethod(exported, method) };
  }
  if (isFunction(exported)) {
    return {
      kind: "node",
      node: (request, response) => Reflect.apply(exported, undefined, [request, response]),
    };
  }
  throw new Error("The function exports neither fetch nor an HTTP method nor a (req, res) handler.");
}

function exportedMethod(exported: unknown, method: string): WebHandler | undefined {
  const handler = methods.includes(method) ? member(exported, method) : undefined;
  return isFunction(handler) ? (request) => Reflect.apply(handler, exported, [request]) : undefined;
}

type AnyFunction = (...args: unknown[]) => unknown;

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === "function";
}

function member(value: unknown, name: string): unknown {
  const holder = typeof value === "object" || typeof value === "function" ? value : null;
  return holder === null ? undefined : Reflect.get(holder, name);
}
