import { type Budget, budgets, dataUnit } from "./limits.js";

const unitKibibytes = dataUnit.bytes / 1024;

/**
 * The budgets that an access token may read, and the unit of each.
 *
 * It may not read the budgets of passwords: the thief of a token could stop one guess before a refusal that would alarm the
 * owner, and could see when the owner mistypes. It may not read those of an address, an account, a device or a mailbox
 * either: strangers spend them too, so their levels would show what others do.
 */
export const reportedBudgets: readonly { budget: Budget; unit: string }[] = [
  { budget: budgets.writesByUser, unit: "a request that may write" },
  { budget: budgets.dataByUser, unit: `${unitKibibytes} KiB of data from the database` },
  { budget: budgets.feedsByUser, unit: "a new calendar feed" },
  { budget: budgets.feedDataByUser, unit: `${unitKibibytes} KiB of data for the calendar feed` },
  { budget: budgets.exportsByUser, unit: "an export" },
  { budget: budgets.taskExportsByUser, unit: "an export of the tasks" },
  { budget: budgets.importsByUser, unit: "an import of tasks" },
  { budget: budgets.sessionsByUser, unit: "a sign-in with the correct password" },
  { budget: budgets.emailChangesByUser, unit: "a request to change the address" },
];
