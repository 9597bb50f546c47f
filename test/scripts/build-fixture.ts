import { mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { coreRoutes } from "../../scripts/build/core-routes.js";

const projectRoot = resolve(import.meta.dirname, "../..");

/** Route files beside the core ones, which the shared function serves. */
const otherRoutes = ["health", "jwks", "tasks/changes", "admin/users/index", "admin/users/[id]"];

const vercelJson = { rewrites: [{ source: "/.well-known/jwks.json", destination: "/api/jwks" }] };

/** Creates a project with this project's packages. Every route responds with the name of its file. */
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
    "web/index.html": '<title>start</title><link href="/assets/style.css">',
    "web/login.html": '<title>sign in</title><script src="/assets/login.js"></script>',
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

/** The app responds to every path that does not end in "unknown", so that a test sees which file ran. */
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
