import { uuidv7 } from "uuidv7";
import { issueAccessToken } from "../../lib/auth/access-token.js";
import type { Prepared } from "../api/structure/prepared.js";
import { identityOf } from "../stack/planted.js";
import type { Stack } from "../stack/stack.js";
import { ownerOfMany } from "./population.js";

/** Makes of a request that succeeds another one. */
export type Change = (prepared: Prepared, stack: Stack) => Promise<Prepared> | Prepared;

export const query =
  (text: string): Change =>
  (prepared) => ({ ...prepared, path: `${prepared.path}?${text}` });

export const secondPage: Change = async (prepared) => {
  const { json } = await prepared.client.get(prepared.path, prepared.options);
  const joint = prepared.path.includes("?") ? "&" : "?";
  return { ...prepared, path: `${prepared.path}${joint}cursor=${json.nextCursor}` };
};

/** Sent by the one who owns a tenth of all tasks. */
export const byOwnerOfMany: Change = async (prepared, stack) => {
  const [userId, sessionId] = [await ownerOfMany(stack.sql), uuidv7()];
  await stack.sql(
    `insert into sessions (id, user_id, epoch, idle_expires_at, expires_at)
     values ($1, $2, 0, now() + interval '1 day', now() + interval '2 days')`,
    [sessionId, userId],
  );
  const identity = { userId, sessionId, role: "user", authTime: new Date().toISOString() } as const;
  const { accessToken } = issueAccessToken(identityOf(stack), identity);
  return { ...prepared, options: { ...prepared.options, token: accessToken } };
};

export const both =
  (...changes: Change[]): Change =>
  async (prepared, stack) => {
    let changed = prepared;
    for (const change of changes) changed = await change(changed, stack);
    return changed;
  };

export const json =
  (members: (stack: Stack) => Promise<Record<string, unknown>>): Change =>
  async ({ options, ...prepared }, stack) => ({
    ...prepared,
    options: { ...options, json: { ...(options.json as object), ...(await members(stack)) } },
  });

export async function somebody({ sql }: Stack): Promise<{ email: string; words: string[] }> {
  const [row] = await sql("select email, name from users where id = $1", [await ownerOfMany(sql)]);
  return { email: String(row?.["email"]), words: String(row?.["name"]).split(" ") };
}

export const knownAddress = async (stack: Stack) => ({ email: (await somebody(stack)).email });

/** With the sender's row changed before. */
export const afterSql =
  (text: string): Change =>
  async (prepared, { sql }) => {
    await sql(text, [prepared.person?.id]);
    return prepared;
  };
