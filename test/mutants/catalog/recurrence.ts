import type { MutantsByFile } from "../mutant.js";
import { setArgument } from "../operators/call.js";
import { setCondition } from "../operators/condition.js";
import { setValue } from "../operators/value.js";

/** Recurrence rules, their dates, and the follow-ups of tasks. */
export const recurrence: MutantsByFile = {
  "lib/tasks/recurrence/rule.ts": [
    {
      name: "a rule that is too long is parsed",
      edit: setCondition({ in: "parseRule", mentions: "ruleLength", to: false }),
      tests: ["lib/recurrence/rule"],
    },
    {
      name: "a rule that never matches is accepted",
      edit: setCondition({ in: "parseRule", mentions: "canMatch", to: true }),
      tests: ["lib/recurrence/rule"],
    },
    {
      name: "letters beyond ASCII match their ASCII upper case",
      edit: setCondition({ in: "valuesIn", mentions: "test", to: false }),
      tests: ["lib/recurrence/rule"],
    },
    {
      name: "a part of a rule may appear twice",
      edit: setCondition({ in: "valuesIn", mentions: "names", to: true }),
      tests: ["lib/recurrence/rule"],
    },
    {
      name: "COUNT and UNTIL may be combined",
      edit: setCondition({ in: "conflictIn", mentions: "COUNT", to: false }),
      tests: ["lib/recurrence/rule"],
    },
    {
      name: "a weekly or yearly rule may number its weekdays",
      edit: setCondition({ in: "conflictIn", mentions: "MONTHLY", to: false }),
      tests: ["lib/recurrence/rule"],
    },
    {
      name: "a weekly rule may have days of the month",
      edit: setCondition({ in: "conflictIn", mentions: "WEEKLY", to: false }),
      tests: ["lib/recurrence/rule"],
    },
    {
      name: "BYSETPOS may appear without another BY part",
      edit: setCondition({ in: "conflictIn", mentions: "BYSETPOS", to: false }),
      tests: ["lib/recurrence/rule"],
    },
  ],
  "lib/tasks/recurrence/rule-parts.ts": [
    {
      name: "INTERVAL may be 0",
      edit: setCondition({ in: "numberFrom", mentions: 0, to: true }),
      tests: ["lib/recurrence/rule"],
    },
    {
      name: "the numbers of a rule have no upper bound",
      edit: setCondition({ in: "numberFrom", mentions: "largest", to: true }),
      tests: ["lib/recurrence/rule"],
    },
  ],
  "lib/tasks/recurrence/expand.ts": [
    {
      name: "COUNT does not end a series",
      edit: setCondition({ in: "nextDate", mentions: "dates", to: false }),
      tests: ["lib/recurrence/expand"],
    },
    {
      name: "the start does not count towards COUNT",
      edit: setValue({ of: "nextDate.dates", to: "0" }),
      tests: ["lib/recurrence/expand"],
    },
    {
      name: "UNTIL does not end a series",
      edit: setValue({ of: "matchingDays.last", to: "lastDay" }),
      tests: ["lib/recurrence/expand"],
    },
    {
      name: "INTERVAL is ignored for weeks, months and years",
      edit: setValue({ of: "matchingDays.step", to: "1" }),
      tests: ["lib/recurrence/expand"],
    },
    {
      name: "INTERVAL is ignored for days",
      edit: setCondition({ in: "chooserOf", mentions: "interval", to: true }),
      tests: ["lib/recurrence/expand"],
    },
    {
      name: "negative positions in BYSETPOS are ignored",
      edit: setCondition({ in: "chooserOf.isChosen", mentions: "length", to: false }),
      tests: ["lib/recurrence/expand"],
    },
  ],
  "lib/tasks/recurrence/period.ts": [
    {
      name: "every week starts on Monday",
      edit: setArgument({ in: "periodsOf", call: "weeksFrom", argument: 0, to: "0" }),
      tests: ["lib/recurrence/expand"],
    },
  ],
  "lib/tasks/recurrence/pattern.ts": [
    {
      name: "a rule without days does not take that of the start",
      edit: setValue({ of: "partsOf.needsDay", to: "false" }),
      tests: ["lib/recurrence/expand"],
    },
    {
      name: "a yearly rule without months does not take that of the start",
      edit: setValue({ of: "partsOf.takesMonth", to: "false" }),
      tests: ["lib/recurrence/expand"],
    },
    {
      name: "days from the end of the month do not match",
      edit: setCondition({ in: "fittingDays.fitsMonthDay", mentions: "left", to: false }),
      tests: ["lib/recurrence/expand"],
    },
    {
      name: "weekdays from the end of the month do not match",
      edit: setCondition({ in: "fittingDays.fitsWeekday", mentions: "left", to: false }),
      tests: ["lib/recurrence/expand"],
    },
  ],
  "lib/tasks/recurrence/next-due.ts": [
    {
      name: "an overdue task continues in the past",
      edit: setCondition({ in: "followUp", mentions: "today", to: true }),
      tests: ["lib/recurrence/next-due"],
    },
    {
      name: "a task that is completed early is due again on the same day",
      edit: setCondition({ in: "followUp", mentions: "today", to: false }),
      tests: ["lib/recurrence/next-due"],
    },
    {
      name: "today is the date in UTC",
      edit: setArgument({ in: "followUp", call: "dateIn", argument: 0, to: '"UTC"' }),
      tests: ["lib/recurrence/next-due"],
    },
    {
      name: "a series counts from its last due date",
      edit: setArgument({ in: "followUp", call: "nextDate", argument: 1, to: "due.date" }),
      tests: ["lib/recurrence/next-due"],
    },
    {
      name: "a series from completion counts from its first date",
      edit: setArgument({ in: "dateAfterCompletion", call: "nextDate", argument: 1, to: "series.start" }),
      tests: ["lib/recurrence/next-due"],
    },
    {
      name: "COUNT does not end a series from completion",
      edit: setCondition({ in: "dateAfterCompletion", mentions: "occurrence", to: false }),
      tests: ["lib/recurrence/next-due"],
    },
  ],
};
