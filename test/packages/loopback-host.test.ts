import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

test.each(["local-resend", "local-neon"])(
  "packages/%s decides like local-vercel which hosts are loopback",
  async (name) => {
    const read = (folder: string) =>
      readFile(new URL(`../../packages/${folder}/src/loopback-host.ts`, import.meta.url), "utf8");
    expect(await read(name)).toBe(await read("local-vercel"));
  },
);
