import { expect, test } from "vitest";
import { routes } from "../../../lib/routes.js";
import { missingScenarios } from "./outcomes.js";
import { missingRequest } from "./valid-requests.js";

// Other tests leave out what these two report, so that a missing entry fails once, with its name.

test("every operation has a valid request", () => {
  expect(routes.flatMap((op) => missingRequest(op) ?? [])).toEqual([]);
});

test("every documented outcome of every operation has a scenario", () => {
  expect(routes.flatMap(missingScenarios)).toEqual([]);
});
