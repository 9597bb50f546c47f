import { mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { coreRoutes } from "../../scripts/build/core-routes.js";

const projectRoot = resolve(import.meta.dirname, "../..");

/** Route files beside the core ones, so that a shared function has something to serve. */
const otherRoutes = ["health", "jwks", "tasks/changes", "admin/users/index", "admin/users/[id]"];

const vercelJson = { rewrites: [{ source: "/.well-known/jwks.json", destination: "/api/jwks" }] };

/** A project of its own with this one's packages: every route answers with the name of its file. */
export async function writeProject(extra: Record<string, string> = {}): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "latchkey-build-"));
  await symlink(join(projectRoot, "node_modules"), join(root, "node_modules"));
  const routes = [...coreRoutes, ...otherRoutes].map((name) => [`api/${name}.ts`, routeSource(name)]);
  await writeFiles(root, {
    ...Object.fromEntries(routes),
    "package.json": JSON.stringify({ type: "module" }),
    "vercel.json": JSON.stringify(vercelJson),
    "api/_shared-thing.ts": "export const notARoute = true;",
    "api/auth/login.ts": routeSource("auth/login", loginExtra),
    "api/auth/me.ts": routeSource("auth/me", meExtra),
    "lib/passwords.ts": `import { hash } from "@node-rs/argon2"; export const digest = () => hash("fixture");`,
    "lib/old.cjs": `module.exports = { separator: require("node:path").sep };`,
    "lib/rarely.ts": `export const rarely = "rarely needed";`,
    "web/index.html": "<title>start</title>",
    "web/login.html": "<title>log in</title>",
    "web/404.html": "<title>not found</title>",
    "web/style.css": "body { margin: 0 }",
    "web/login.ts": `import { greet } from "./page/greet.ts"; greet();`,
    "web/page/greet.ts": `export function greet(): void { document.title = "greeted"; }`,
    ...extra,
  });
  return root;
}

const loginExtra = `
import { digest } from "../../lib/passwords.js";
app.post("/api/auth/login", async (c) => c.text(await digest()));
`;

const meExtra = `
import old from "../../lib/old.cjs";
app.post("/api/auth/me", (c) => c.text(old.separator));
app.put("/api/auth/me", async (c) => c.text((await import("../../lib/rarely.js")).rarely));
`;

/** The app answers every path but those that end in "unknown", so a test sees which file was asked. */
function routeSource(name: string, extra = ""): string {
  return `
import { Hono } from "hono";
const app = new Hono();
app.notFound((c) =>
  c.req.path.endsWith("unknown")
    ? c.json({ code: "not-found", by: ${JSON.stringify(name)} }, 404)
    : c.json({ by: ${JSON.stringify(name)}, url: c.req.url }),
);
${extra}
export default app;
`;
}

async function writeFiles(root: string, files: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
}
