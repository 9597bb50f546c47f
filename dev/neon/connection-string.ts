import type { Connection } from "./backend.js";
import { Failure } from "./failure.js";

const refuse = (message: string) => new Failure(400, message);

/** @throws Failure 400 in Neon's words when a part is missing. */
export function parseConnectionString(text: string | undefined): Connection {
  if (!text) throw refuse("invalid header: neon-connection-string");
  if (!URL.canParse(text)) throw refuse("invalid connection string");
  const url = new URL(text);
  if (url.protocol !== "postgres:" && url.protocol !== "postgresql:") throw refuse("incorrect scheme");

  const [database = "", ...rest] = url.pathname.slice(1).split("/").map(decode);
  if (!database) throw refuse("missing database name");
  if (rest.length > 0) throw refuse("invalid database name");
  if (!url.username) throw refuse("missing username");
  if (!url.password) throw refuse("missing authentication credentials: required password");
  if (!url.hostname) throw refuse("missing hostname");
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
    throw refuse("invalid connection string");
  }
}
