import { Ruleset, Spectral } from "@stoplight/spectral-core";
import { oas } from "@stoplight/spectral-rulesets";
import { expect, test } from "vitest";
import { readText } from "./markdown.js";

test("openapi.json passes the spectral:oas ruleset without any result", async () => {
  const spectral = new Spectral();
  spectral.setRuleset(new Ruleset({ extends: [oas] }));
  const results = await spectral.run(JSON.parse(await readText("openapi.json")));
  expect(results.map(({ code, path, message }) => `${code} at ${path.join("/")}: ${message}`)).toEqual([]);
});
