import createClient, { type Client } from "openapi-fetch";
import { openPaths } from "./open-paths.js";
import type { paths } from "./schema.js";
import type { Transport } from "./transport.js";

export type Api = Client<paths>;

/** The typed API. Open paths use `transport`; the others use `authorized`, and creates get an Idempotency-Key. */
export function createApi(baseUrl: string, transport: Transport, authorized: Transport): Api {
  const api = createClient<paths>({ baseUrl, credentials: "include" });
  api.use({
    onRequest({ request, schemaPath }) {
      if (openPaths.includes(schemaPath)) return transport(request);
      const isCreate = request.method === "POST";
      if (isCreate && !request.headers.has("idempotency-key"))
        request.headers.set("idempotency-key", crypto.randomUUID());
      return authorized(request);
    },
  });
  return api;
}

/** The data of a response. @throws ProblemError */
export async function dataOf<T>(call: Promise<{ data?: T | undefined }>): Promise<NonNullable<T>> {
  // The transport throws on every failure, so `data` is present.
  return (await call).data as NonNullable<T>;
}
