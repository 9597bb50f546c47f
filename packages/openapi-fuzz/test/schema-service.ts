import { onTestFinished } from "vitest";
import { type FuzzOptions, fuzz, type OpenApiDocument } from "../src/index.js";
import { listen } from "./listen.js";

type Schema = Record<string, unknown>;

/** A document with one operation, whose body is `{ "value": … }`. */
export const documentWith = (value: Schema, schemas: Record<string, Schema> = {}): OpenApiDocument => ({
  openapi: "3.1.0",
  paths: {
    "/values": {
      post: {
        requestBody: {
          required: true,
          content: {
            "application/json": {
              schema: {
                type: "object",
                properties: { value },
                required: ["value"],
                additionalProperties: false,
              },
            },
          },
        },
        responses: { 204: {}, 400: {}, 415: {}, 422: {} },
      },
    },
  },
  components: { schemas },
});

/** Fuzzes a service that accepts the values for which `isAccepted` is true. */
export async function fuzzValues(
  document: OpenApiDocument,
  isAccepted: (value: unknown) => boolean,
  options: Partial<FuzzOptions> = {},
) {
  const accepted: unknown[] = [];
  const service = await listen(({ url, method, headers, body }, response) => {
    const respond = (status: number, more = {}) => void response.writeHead(status, more).end();
    if (url.pathname !== "/values") return respond(404);
    if (method !== "POST") return respond(405, { allow: "POST" });
    const type = headers["content-type"]?.split(";")[0]?.toLowerCase();
    if (type !== "application/json") return respond(415);
    const value = readValue(body);
    if (value === undefined || !isAccepted(value)) return respond(422);
    accepted.push(value);
    respond(204);
  });
  onTestFinished(service.stop);
  const report = await fuzz({ document, baseUrl: service.origin, seed: 3, runs: 1000, ...options });
  return { ...report, accepted, requestCount: service.requestCount() };
}

/** The value of a body in UTF-8 that has no other member. */
function readValue(body: string): unknown {
  if (body.includes("\ufffd")) return undefined;
  try {
    const { value, ...others } = JSON.parse(body);
    return Object.keys(others).length === 0 ? value : undefined;
  } catch {
    return undefined;
  }
}
