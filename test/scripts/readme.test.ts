import { expect, test } from "vitest";
import { readText } from "./markdown.js";

test("README.md has at most 200 lines", async () => {
  expect((await readText("README.md")).trimEnd().split("\n").length).toBeLessThanOrEqual(200);
});
