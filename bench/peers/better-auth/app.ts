import { type BetterAuthOptions, betterAuth } from "better-auth";
import { bearer } from "better-auth/plugins";
import { Hono } from "hono";
import { sendMail } from "../mail.js";
import { openPool } from "../pool.js";

export const pool = openPool();

// The limiter works, but never refuses.
const unlimited = { window: 60, max: 1_000_000 };
const limitedPaths = [
  "/sign-in/*",
  "/sign-up/*",
  "/request-password-reset",
  "/reset-password",
  "/get-session",
];

const options = (basePath: string, updateAgeSeconds: number) =>
  ({
    baseURL: "http://localhost",
    basePath,
    secret: process.env["AUTH_SECRET"] ?? "",
    database: pool,
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: true,
      sendResetPassword: async ({ user, token }) => sendMail("reset", user.email, token),
    },
    emailVerification: {
      sendOnSignUp: true,
      sendVerificationEmail: async ({ user, token }) => sendMail("verify", user.email, token),
    },
    rateLimit: {
      enabled: true,
      storage: "database",
      ...unlimited,
      customRules: Object.fromEntries(limitedPaths.map((path) => [path, unlimited])),
    },
    session: { updateAge: updateAgeSeconds },
    advanced: { ipAddress: { ipAddressHeaders: ["x-forwarded-for"] } },
    plugins: [bearer()],
    telemetry: { enabled: false },
  }) satisfies BetterAuthOptions;

const oneDay = 24 * 3600;
export const auth = betterAuth(options("/api/auth", oneDay));

/** Reading a session through it extends the session: what a refresh is here. */
const refreshing = betterAuth(options("/api/refreshing", 0));

type Session = typeof auth.$Infer.Session;
type Vars = { Variables: { user: Session["user"] } };

const app = new Hono<Vars>();
app.on(["GET", "POST"], "/api/auth/*", (c) => auth.handler(c.req.raw));
app.on(["GET", "POST"], "/api/refreshing/*", (c) => refreshing.handler(c.req.raw));

app.use("/api/*", async (c, next) => {
  const session = await auth.api.getSession({ headers: c.req.raw.headers });
  if (!session) return c.json({ error: "unauthenticated" }, 401);
  c.set("user", session.user);
  await next();
});

app.get("/api/me", (c) => c.json(c.var.user));

app.get("/api/tasks", async (c) => {
  const { rows } = await pool.query(
    "select id, title, description, status, created_at, updated_at from tasks where user_id = $1 order by created_at desc, id desc limit 20",
    [c.var.user.id],
  );
  return c.json({ data: rows });
});

app.post("/api/tasks", async (c) => {
  const { title, description = null } = await c.req.json<{ title: string; description?: string }>();
  const { rows } = await pool.query(
    "insert into tasks (user_id, title, description) values ($1, $2, $3) returning id, title, description, status, created_at, updated_at",
    [c.var.user.id, title, description],
  );
  return c.json(rows[0], 201);
});

export default app;
