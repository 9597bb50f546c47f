import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startStackForTest } from "../stack/stack.js";

test("the curl commands in README.md work as printed", async () => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const script = /<!-- curl journey -->\n```sh\n(.*?)```/s.exec(readme)?.[1] ?? "";
  const stack = await startStackForTest();
  const cwd = await mkdtemp(join(tmpdir(), "latchkey-curl-"));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  const env = { PATH: process.env["PATH"], LATCHKEY: stack.origin };
  const printed = await new Promise<string>((resolve, reject) => {
    execFile("sh", ["-euc", script], { cwd, env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stdout}\n${stderr}`));
      else resolve(stdout);
    });
  });
  expect(printed).toMatch(
    /"title":"Water the plants".*"data":\[\{.*"title":"Water the plants".*"accessToken":/s,
  );
  expect(await readFile(join(cwd, "cookies.txt"), "utf8"), "signed out").not.toMatch(/latchkey\t/);
});
