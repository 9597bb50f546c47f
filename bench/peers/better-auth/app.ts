import { type BetterAuthOptions, betterAuth } from "better-auth";
import { bearer } from "better-auth/plugins";
import { Hono } from "hono";
import { openPool } from "../pool.js";
import { sendEmail } from "../send-email.js";

export const pool = openPool();

// The limiter counts every request, with a limit that no run reaches.
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
      sendResetPassword: async ({ user, token }) => sendEmail("reset", user.email, token),
    },
    emailVerification: {
      sendOnSignUp: true,
      sendVerificationEmail: async ({ user, token }) => sendEmail("verify", user.email, token),
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

/** Reading a session through this instance extends it, which is better-auth's form of a refresh. */
const refreshing = betterAuth(options("/api/refreshing", 0));

type Session = typeof auth.$Infer.Session;
type AppEnv = { Variables: { user: Session["user"] } };

const app = new Hono<AppEnv>();
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
