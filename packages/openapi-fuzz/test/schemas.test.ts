import { expect, test } from "vitest";
import {
  choiceSamples,
  listSamples,
  numberSamples,
  type SchemaSample,
  sampleSchemas,
  textSamples,
} from "./schema-samples.js";
import { documentWith, fuzzValues } from "./schema-service.js";

const samples = { ...numberSamples, ...textSamples, ...listSamples, ...choiceSamples };
const rows = Object.entries(samples);
const documentOf = ({ schema }: SchemaSample) => documentWith(schema, sampleSchemas);

test.each(rows)("has no findings for a service that reads %s correctly", async (_name, sample) => {
  const { findings, warnings, accepted } = await fuzzValues(documentOf(sample), sample.isValid);
  expect(findings).toEqual([]);
  expect(warnings).toEqual([]);
  expect(accepted.length).toBeGreaterThan(20);
});

const keywords = rows.flatMap(([name, sample]) =>
  Object.keys(sample.withoutKeyword).map((keyword) => [keyword, name, sample] as const),
);

test.each(keywords)("reports a service that does not enforce %s of %s", async (keyword, _name, sample) => {
  const isAccepted = sample.withoutKeyword[keyword] ?? sample.isValid;
  const { findings } = await fuzzValues(documentOf(sample), isAccepted);
  const details = findings
    .filter(({ check }) => check === "accepts-invalid-input")
    .map(({ detail }) => detail);
  const path = keyword.startsWith("/") ? keyword : ` ${keyword}`;
  expect(details).toContain(`body /value${path}`);
});

test.each(rows)("reports a service that refuses valid values of %s", async (_name, sample) => {
  const isAccepted = (value: unknown) => sample.isValid(value) && !sample.isRefused(value);
  const { findings } = await fuzzValues(documentOf(sample), isAccepted);
  const found = findings.find(({ check }) => check === "rejects-valid-input");
  const { value } = JSON.parse(String(found?.request.body));
  expect(sample.isRefused(value)).toBe(true);
});
