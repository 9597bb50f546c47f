import { uuidv7 } from "uuidv7";
import { issueAccessToken } from "../../lib/auth/access-token.js";
import type { ValidRequest } from "../api/structure/special-requests.js";
import { authEnv } from "../stack/seed.js";
import type { Stack } from "../stack/stack.js";
import { ownerOfMany } from "./population.js";

/** Turns a request that succeeds into another one. */
export type RequestChange = (request: ValidRequest, stack: Stack) => Promise<ValidRequest> | ValidRequest;

export const combine =
  (...changes: RequestChange[]): RequestChange =>
  async (request, stack) => {
    let changed = request;
    for (const change of changes) changed = await change(changed, stack);
    return changed;
  };

export const withQuery =
  (query: string): RequestChange =>
  (request) => ({ ...request, path: `${request.path}?${query}` });

export const withHeader =
  (name: string, value: string): RequestChange =>
  ({ options, ...request }) => ({
    ...request,
    options: { ...options, headers: { ...options.headers, [name]: value } },
  });

/** Changes members of the JSON body. */
export const withJson =
  (members: (stack: Stack) => Promise<Record<string, unknown>>): RequestChange =>
  async ({ options, ...request }, stack) => ({
    ...request,
    options: { ...options, json: { ...(options.json as object), ...(await members(stack)) } },
  });

export const secondPage: RequestChange = async (request) => {
  const { json } = await request.client.get(request.path, request.options);
  const separator = request.path.includes("?") ? "&" : "?";
  return { ...request, path: `${request.path}${separator}cursor=${json.nextCursor}` };
};

/** Sends the request once before. */
export const repeated: RequestChange = async (request) => {
  const { client, path, options } = request;
  const { status, text } = await client.send("POST", path, options);
  if (status >= 300) throw new Error(`POST ${path} returned ${status}: ${text}`);
  return request;
};

/** Sends the request as the user who owns many rows. */
export const byOwnerOfMany: RequestChange = async (request, stack) => {
  const [userId, sessionId] = [await ownerOfMany(stack.sql), uuidv7()];
  await stack.sql(
    `insert into sessions (id, user_id, epoch, idle_expires_at, expires_at)
     select $1, id, session_epoch, now() + interval '1 day', now() + interval '2 days' from users where id = $2`,
    [sessionId, userId],
  );
  const identity = { userId, sessionId, role: "user", authTime: new Date().toISOString() } as const;
  const { accessToken } = await issueAccessToken(authEnv(stack), identity);
  return { ...request, options: { ...request.options, token: accessToken } };
};

/** Runs a statement first; `$1` is the id of the user who sends the request. */
export const afterSql =
  (text: string): RequestChange =>
  async (request, { sql }) => {
    await sql(text, [request.person?.id]);
    return request;
  };

export async function existingUser({ sql }: Stack): Promise<{ email: string; names: string[] }> {
  const [row] = await sql("select email, name from users where id = $1", [await ownerOfMany(sql)]);
  return { email: String(row?.["email"]), names: String(row?.["name"]).split(" ") };
}
