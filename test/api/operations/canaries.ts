import { randomBytes } from "node:crypto";
import type { ApiResponse, Client } from "../../stack/client.js";

/** Random values that must never appear in the log or in a problem, and the requests that send them. */
export type Canaries = {
  /** The values by kind. */
  values: Map<string, string>;
  /** The bodies of problems, by request. */
  problems: [request: string, body: string][];
  /** Adds a value. @returns the value */
  canary(kind: string, value?: string): string;
  canaryEmail(kind: string): string;
  /** Sends a request with canaries in its headers. */
  send(client: Client, ...request: Parameters<Client["send"]>): Promise<ApiResponse>;
};

export function createCanaries(): Canaries {
  const values: Canaries["values"] = new Map();
  const problems: Canaries["problems"] = [];
  function canary(kind: string, value = `canary-${kind.replaceAll(" ", "-")}-${randomText()}`): string {
    values.set(`${kind} ${values.size}`, value);
    return value;
  }
  async function send(client: Client, ...[method, path, options]: Parameters<Client["send"]>) {
    const headers = {
      "user-agent": canary("user-agent"),
      referer: `https://x/${canary("referer")}`,
      "accept-language": canary("language"),
      "x-forwarded-for": canary("forwarded-for"),
      "x-canary": canary("header"),
      ...options?.headers,
    };
    const response = await client.send(method, path, { ...options, headers });
    if (response.status >= 400)
      problems.push([`${method} ${path} ${response.status}`, problemText(response)]);
    return response;
  }
  const canaryEmail = (kind: string) => canary(kind, `canary.${randomText()}@example.com`);
  return { values, problems, canary, canaryEmail, send };
}

const randomText = () => randomBytes(6).toString("hex");

/** The body of a problem, without the address that `password-required` tells the holder of a link. */
const problemText = ({ code, json, text }: ApiResponse) =>
  code === "password-required" ? JSON.stringify({ ...json, email: undefined }) : text;
