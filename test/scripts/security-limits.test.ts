import { expect, test } from "vitest";
import {
  accessTokenSeconds,
  argon2,
  budgets,
  closedAccountDays,
  dataUnit,
  deviceSeconds,
  emailFreezeSeconds,
  linkSeconds,
  notMeSeconds,
  passwordLength,
  repeatedChangeSeconds,
  reservedAddressSeconds,
  session,
  stepUp,
} from "../../lib/auth/limits.js";
import { defaultMaxBytes } from "../../lib/http/body-limit.js";
import { labelQuota } from "../../lib/labels/limits.js";
import { pageBytes } from "../../lib/pagination.js";
import { projectQuota } from "../../lib/projects/limits.js";
import {
  feedLimits,
  keptChanges,
  subtaskQuota,
  taskQuota,
  tombstoneDays,
  trashDays,
  trashQuota,
} from "../../lib/tasks/limits.js";
import { importLimits } from "../../lib/transfer/limits.js";
import { readText, tableRows } from "./markdown.js";

const reminder = "This is a security promise: change SECURITY.md too";

/** The promises of SECURITY.md: each with its limit, and the value as a literal, so that a changed limit fails. */
const promises: [promise: string, limit: number, value: number, stated: string][] = [
  ["access token lifetime", accessTokenSeconds, 900, "15 minutes"],
  ["age of a proof of identity, for sensitive operations", stepUp.maxAgeSeconds, 600, "10 minutes"],
  ["session lifetime without a refresh", session.idleSeconds, 604_800, "7 days"],
  ["session lifetime in total", session.absoluteSeconds, 2_592_000, "30 days"],
  ["grace window of a replaced refresh token", session.graceSeconds, 60, "60 seconds"],
  ["lifetime of the device cookie", deviceSeconds, 31_536_000, "365 days"],
  ["lifetime of a link that confirms an address", linkSeconds["verify-email"], 86_400, "24 hours"],
  ["lifetime of a link that resets a password", linkSeconds["reset-password"], 3_600, "1 hour"],
  ["lifetime of a link that restores a closed account", linkSeconds["restore-account"], 1_209_600, "14 days"],
  ["time until a closed account may be deleted", closedAccountDays, 14, "14 days"],
  ["lifetime of a link that changes the address", linkSeconds["change-email"], 3_600, "1 hour"],
  ["time in which “This wasn't me” works", notMeSeconds, 259_200, "72 hours"],
  ["time for which a previous address is reserved", reservedAddressSeconds, 262_800, "73 hours"],
  ["time for which the address stays after “This wasn't me”", emailFreezeSeconds, 259_200, "72 hours"],
  ["time in which a change of the password may be repeated", repeatedChangeSeconds, 600, "10 minutes"],
  ["shortest password", passwordLength.min, 8, "8 characters"],
  ["longest password", passwordLength.max, 128, "128 characters"],
  ["tasks of one account", taskQuota, 10_000, "10,000"],
  ["tasks in the trash of one account", trashQuota, 10_000, "10,000"],
  ["labels of one account", labelQuota, 500, "500"],
  ["projects of one account", projectQuota, 500, "500"],
  ["subtasks of one task", subtaskQuota, 100, "100"],
  ["days for which a deleted task can be restored", trashDays, 30, "30"],
  ["changes that the history of an account keeps", keptChanges, 10_000, "10,000"],
  ["days for which clients learn of deletions", tombstoneDays, 90, "90"],
  ["sessions of one account", session.maxPerUser, 100, "100"],
  ["size at which a page of a list is full", pageBytes, 262_144, "256 KiB"],
  ["tasks in a calendar feed", feedLimits.tasks, 1_000, "1,000"],
  ["characters of a description in a calendar feed", feedLimits.descriptionCharacters, 1_000, "1,000"],
  ["size at which a calendar feed is full", feedLimits.bytes, 1_048_576, "1 MiB"],
  ["rows of a file that an import takes", importLimits.rows, 1_000, "1,000"],
  ["size of the body of an import", importLimits.bodyBytes, 1_048_576, "1 MiB"],
  ["size of any other body", defaultMaxBytes, 65_536, "64 KiB"],
  ["unit of data that a read is charged in", dataUnit.bytes, 65_536, "64 KiB"],
  ["Argon2id memory", argon2.memoryKiB, 19_456, "19 MiB"],
  ["Argon2id passes", argon2.passes, 2, "2"],
  ["Argon2id lanes", argon2.lanes, 1, "1"],
];

test.each(promises)("the %s is %d", (promise, limit, value) => {
  expect(limit, `${promise}. ${reminder}`).toBe(value);
});

test("SECURITY.md states exactly these promises", async () => {
  const rows = promises.map(([promise, , , stated]) => `| ${promise} | ${stated} |`);
  expect(tableRows(await readText("SECURITY.md"), "promises"), reminder).toEqual(rows);
});

test("SECURITY.md states the budgets of lib/auth/limits.ts", async () => {
  const rows = Object.values(budgets).map(
    ({ name, burst, refillSeconds }) =>
      `| \`${name}\` | ${burst} | ${refillSeconds} s | ${burst + (24 * 3600) / refillSeconds} |`,
  );
  expect(tableRows(await readText("SECURITY.md"), "budgets"), reminder).toEqual(rows);
});
