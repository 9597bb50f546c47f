import { expect, test } from "vitest";
import { applyMutant } from "./mutant.js";
import { setValue } from "./operators/value.js";

const mutant = {
  name: "anyone may enter",
  file: "lib/door.ts",
  edit: setValue({ of: "isOpen", to: "true" }),
  tests: [],
};

test("applyMutant returns the sabotaged source", () => {
  expect(applyMutant(mutant, "export const isOpen = false;")).toBe("export const isOpen = true;");
});

test("applyMutant names the mutant and the place that its operator did not find", () => {
  expect(() => applyMutant(mutant, "export const isShut = true;")).toThrow(
    /^lib\/door\.ts, "anyone may enter": found 0 places instead of one: isOpen/,
  );
});

test("applyMutant rejects an edit without an effect", () => {
  expect(() => applyMutant(mutant, "export const isOpen = true;")).toThrow("the edit changes nothing");
});
