import { expect, test } from "vitest";
import { migratesOnDeploy } from "../../scripts/build/environment.js";

const onVercel = { VERCEL: "1", VERCEL_ENV: "production" };

test.each([
  [true, { ...onVercel, MIGRATE_ON_DEPLOY: "on" }],
  [true, { ...onVercel, VERCEL_ENV: "preview", MIGRATE_ON_DEPLOY: "on" }],
  [false, onVercel],
  [false, { ...onVercel, MIGRATE_ON_DEPLOY: "" }],
  [false, { ...onVercel, MIGRATE_ON_DEPLOY: "off" }],
  [false, { ...onVercel, VERCEL_ENV: "development", MIGRATE_ON_DEPLOY: "on" }],
  [false, { MIGRATE_ON_DEPLOY: "on" }],
])("migratesOnDeploy returns %s for %j", (expected, source) => {
  expect(migratesOnDeploy(source)).toBe(expected);
});

test("migratesOnDeploy refuses a value other than on and off", () => {
  expect(() => migratesOnDeploy({ MIGRATE_ON_DEPLOY: "true" })).toThrow(
    'MIGRATE_ON_DEPLOY must be "on" or "off", not "true".',
  );
});
