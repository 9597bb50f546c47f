import type { ApiResponse } from "../../stack/client.js";
import type { TestUser } from "../../stack/users.js";

export const createWithKey = (person: TestUser, key: string, json: unknown): Promise<ApiResponse> =>
  person.client.post("/api/tasks", json, { token: person.token, headers: { "idempotency-key": key } });

/** The part of a response that a replay repeats. The other headers name the request or its duration. */
export const comparablePart = ({ status, text, headers }: ApiResponse) => ({
  status,
  text,
  headers: ["content-type", "location", "etag", "cache-control"].map((name) => headers.get(name)),
});

export const isReplay = (response: ApiResponse): boolean =>
  response.headers.get("idempotent-replayed") === "true";
