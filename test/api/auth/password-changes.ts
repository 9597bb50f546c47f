import type { RequestOptions } from "../../stack/client.js";
import type { Stack } from "../../stack/stack.js";
import { goodPassword, type TestUser } from "../../stack/users.js";

type Caller = Pick<TestUser, "client" | "token" | "password">;

/** Changes the password of the caller. */
export const changePassword = (
  { client, token, password }: Caller,
  newPassword = goodPassword(),
  options: RequestOptions = {},
) =>
  client.post("/api/auth/change-password", { currentPassword: password, newPassword }, { token, ...options });

/** Every row that a change of the password could add or change, once the notices have left. */
export async function accountRows(stack: Stack, { id }: Pick<TestUser, "id">) {
  await stack.waitUntilIdle();
  const rowsOf = (table: string) => stack.sql(`select * from ${table} where user_id = $1 order by id`, [id]);
  return {
    users: await stack.sql("select * from users where id = $1", [id]),
    sessions: await rowsOf("sessions"),
    links: await rowsOf("links"),
    events: await rowsOf("security_events"),
    notices: await rowsOf("outbox"),
  };
}

/** The sessions of a user that could still be used. */
export const liveSessions = async (stack: Stack, { id }: Pick<TestUser, "id">): Promise<string[]> =>
  (
    await stack.sql(
      `select sessions.id from sessions join users on users.id = user_id and epoch = session_epoch
        where users.id = $1 and ended_at is null`,
      [id],
    )
  ).map((row) => String(row["id"]));
