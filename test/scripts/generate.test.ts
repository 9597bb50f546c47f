import { expect, test } from "vitest";
import { staleFiles } from "../../scripts/generate.js";

test("the committed files match what npm run generate writes", async () => {
  expect(await staleFiles(), "Run `npm run generate` and commit the result").toEqual([]);
});
