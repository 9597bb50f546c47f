import { hash, verify } from "@node-rs/argon2";
import { Hono } from "hono";
import { argon2 } from "../../../lib/auth/limits.js";
import { sendEmail } from "../send-email.js";
import type { Database } from "./database.js";
import { digest, newToken, readAccess, signAccess } from "./tokens.js";

const parameters = { memoryCost: argon2.memoryKiB, timeCost: argon2.passes, parallelism: argon2.lanes };

const insertUser = `
  with new_user as (insert into users (email, name, password_hash) values ($1, $2, $3) returning id)
  insert into links (hash, user_id, expires_at) select $4::bytea, id, now() + interval '1 day' from new_user`;

const verifyUser = `
  with used_link as (delete from links where hash = $1::bytea and expires_at > now() returning user_id)
  update users set verified = true from used_link where users.id = used_link.user_id returning users.id`;

const insertSession =
  "insert into sessions (user_id, token_hash, expires_at) values ($1, $2::bytea, now() + interval '30 days')";

const rotateSession = `
  update sessions set token_hash = $2::bytea, expires_at = now() + interval '30 days'
   where token_hash = $1::bytea and expires_at > now() returning user_id`;

const insertLink = `
  insert into links (hash, user_id, expires_at)
  select $2::bytea, id, now() + interval '1 hour' from users where email = $1 returning user_id`;

const resetPassword = `
  with used_link as (delete from links where hash = $1::bytea and expires_at > now() returning user_id),
  ended_sessions as (delete from sessions using used_link where sessions.user_id = used_link.user_id)
  update users set password_hash = $2 from used_link where users.id = used_link.user_id returning users.id`;

/** Sign-up to password reset in as few trips as possible, without validation, rate limits or logs. */
export function createAuth(query: Database): Hono {
  const app = new Hono();
  const refused = { error: "refused" };

  app.post("/api/auth/register", async (c) => {
    const { email, name, password } = await c.req.json();
    const link = newToken();
    await query(insertUser, [email, name, await hash(password, parameters), digest(link)]);
    sendEmail("verify", email, link);
    return c.json({ message: "Check your email." }, 202);
  });

  app.post("/api/auth/verify-email", async (c) => {
    const { token } = await c.req.json();
    const [user] = await query(verifyUser, [digest(token)]);
    return user ? c.json({ message: "Confirmed." }) : c.json(refused, 400);
  });

  app.post("/api/auth/login", async (c) => {
    const { email, password } = await c.req.json();
    const [user] = await query("select id, password_hash, verified from users where email = $1", [email]);
    const isCorrect = user?.["verified"] === true && (await verify(String(user["password_hash"]), password));
    if (!isCorrect) return c.json(refused, 401);
    const refreshToken = newToken();
    const userId = String(user["id"]);
    await query(insertSession, [userId, digest(refreshToken)]);
    return c.json({ accessToken: await signAccess(userId), refreshToken });
  });

  app.post("/api/auth/refresh", async (c) => {
    const { refreshToken } = await c.req.json();
    const next = newToken();
    const [session] = await query(rotateSession, [digest(refreshToken), digest(next)]);
    if (!session) return c.json(refused, 401);
    return c.json({ accessToken: await signAccess(String(session["user_id"])), refreshToken: next });
  });

  app.get("/api/auth/me", async (c) => {
    const userId = await readAccess(c.req.header("authorization"));
    if (userId === null) return c.json(refused, 401);
    const [user] = await query("select id, email, name, verified, created_at from users where id = $1", [
      userId,
    ]);
    return user ? c.json(user) : c.json(refused, 401);
  });

  app.post("/api/auth/logout", async (c) => {
    const { refreshToken } = await c.req.json();
    await query("delete from sessions where token_hash = $1::bytea", [digest(refreshToken)]);
    return c.body(null, 204);
  });

  app.post("/api/auth/forgot-password", async (c) => {
    const { email } = await c.req.json();
    const link = newToken();
    const [known] = await query(insertLink, [email, digest(link)]);
    if (known) sendEmail("reset", email, link);
    return c.json({ message: "Check your email." }, 202);
  });

  app.post("/api/auth/reset-password", async (c) => {
    const { token, password } = await c.req.json();
    const [user] = await query(resetPassword, [digest(token), await hash(password, parameters)]);
    return user ? c.body(null, 204) : c.json(refused, 400);
  });
  return app;
}
