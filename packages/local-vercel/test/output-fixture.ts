import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A temporary build output with a vercel.json. */
export type Fixture = {
  output: string;
  vercelJson: string;
  write(file: string, content: string | Buffer): Promise<void>;
  writeFunction(path: string, source: string, config?: Record<string, unknown>): Promise<void>;
  linkFunction(path: string, target: string): Promise<void>;
  writeConfig(config: Record<string, unknown>): Promise<void>;
  writeVercelJson(config: Record<string, unknown>): Promise<void>;
  remove(): Promise<void>;
};

export async function createFixture(): Promise<Fixture> {
  const root = await mkdtemp(join(tmpdir(), "local-vercel-fixture-"));
  const output = join(root, "output");
  const vercelJson = join(root, "vercel.json");

  async function write(file: string, content: string | Buffer): Promise<void> {
    await mkdir(dirname(join(output, file)), { recursive: true });
    await writeFile(join(output, file), content);
  }

  const fixture: Fixture = {
    output,
    vercelJson,
    write,
    async writeFunction(path, source, config = {}) {
      await write(`functions/${path}.func/index.mjs`, source);
      const defaults = { runtime: "nodejs24.x", handler: "index.mjs", launcherType: "Nodejs" };
      await write(`functions/${path}.func/.vc-config.json`, JSON.stringify({ ...defaults, ...config }));
    },
    async linkFunction(path, target) {
      await symlink(`${target}.func`, join(output, `functions/${path}.func`));
    },
    writeConfig: (config) => write("config.json", JSON.stringify({ version: 3, ...config })),
    writeVercelJson: (config) => writeFile(vercelJson, JSON.stringify(config)),
    remove: () => rm(root, { recursive: true, force: true }),
  };
  await fixture.writeConfig({});
  await fixture.writeVercelJson({});
  return fixture;
}
