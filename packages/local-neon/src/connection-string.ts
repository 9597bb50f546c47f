import type { Connection } from "./backend.js";
import { NeonError } from "./neon-error.js";

const badRequest = (message: string) => new NeonError(400, message);

/** @throws NeonError 400 with Neon's message when a part is missing. */
export function parseConnectionString(text: string | undefined): Connection {
  if (!text) throw badRequest("invalid header: neon-connection-string");
  if (!URL.canParse(text)) throw badRequest("invalid connection string");
  const url = new URL(text);
  if (url.protocol !== "postgres:" && url.protocol !== "postgresql:") throw badRequest("incorrect scheme");

  const [database = "", ...rest] = url.pathname.slice(1).split("/").map(decode);
  if (!database) throw badRequest("missing database name");
  if (rest.length > 0) throw badRequest("invalid database name");
  if (!url.username) throw badRequest("missing username");
  if (!url.password) throw badRequest("missing authentication credentials: required password");
  if (!url.hostname) throw badRequest("missing hostname");
  return {
    user: decode(url.username),
    password: decode(url.password),
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port ? Number(url.port) : null,
    database,
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest("invalid connection string");
  }
}
