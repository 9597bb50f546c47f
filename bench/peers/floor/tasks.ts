import { Hono } from "hono";
import type { Database } from "./database.js";
import { readAccess } from "./tokens.js";

export function createTasks(query: Database): Hono<{ Variables: { userId: string } }> {
  const app = new Hono<{ Variables: { userId: string } }>();
  app.use("/api/tasks", async (c, next) => {
    const userId = await readAccess(c.req.header("authorization"));
    if (userId === null) return c.json({ error: "unauthenticated" }, 401);
    c.set("userId", userId);
    await next();
  });

  app.get("/api/tasks", async (c) => {
    const data = await query(
      "select id, title, description, status, created_at, updated_at from tasks where user_id = $1 order by created_at desc, id desc limit 20",
      [c.var.userId],
    );
    return c.json({ data });
  });

  app.post("/api/tasks", async (c) => {
    const { title, description = null } = await c.req.json();
    const [task] = await query(
      "insert into tasks (user_id, title, description) values ($1, $2, $3) returning id, title, description, status, created_at, updated_at",
      [c.var.userId, title, description],
    );
    return c.json(task, 201);
  });
  return app;
}
