import * as z from "zod";
import { authEnv, operation } from "../../contract.js";
import { timestamp } from "../../schemas.js";
import { taskQuota } from "../../tasks/limits.js";
import { budgets } from "../limits.js";
import { reportedBudgets } from "../reported-budgets.js";
import { tag } from "./shapes.js";

const exampleBudget = budgets.writesByUser;
const exampleUsed = 12;
const units = reportedBudgets.map(({ budget, unit }) => `\`${budget.name}\`: ${unit}`).join("; ");

export const budgetLevel = z
  .strictObject({
    name: z.string().meta({
      description: `As in the \`RateLimit\` header of a 429, with its unit. ${units}. Later versions may add others`,
      example: exampleBudget.name,
    }),
    limit: z.int().meta({ description: "Units that fit in a row", example: exampleBudget.burst }),
    remaining: z.int().meta({
      description: "Units that fit now; at 0, a request that needs one gets 429",
      example: exampleBudget.burst - 1,
    }),
    refillSeconds: z
      .int()
      .meta({ description: "Seconds until one unit returns", example: exampleBudget.refillSeconds }),
    fullAt: timestamp.nullable().meta({
      description: "When all units will have returned; null: they have",
      example: "2026-11-23T15:04:06.123Z",
    }),
  })
  .meta({ id: "BudgetLevel" });

export const quotaLevel = z
  .strictObject({
    name: z.string().meta({
      description:
        "The rows that count, such as `tasks`, or `sessions` that still work (a sign-in without room ends one); later versions may add others",
      example: "tasks",
    }),
    limit: z.int().meta({ description: "Rows that one account may have", example: taskQuota }),
    used: z
      .int()
      .meta({ description: "Rows that the account has, counted up to `limit`", example: exampleUsed }),
    remaining: z.int().meta({ description: "`limit` minus `used`", example: taskQuota - exampleUsed }),
  })
  .meta({ id: "QuotaLevel" });

const limits = z
  .strictObject({ budgets: z.array(budgetLevel), quotas: z.array(quotaLevel) })
  .meta({ id: "Limits" });

export const readLimits = operation({
  id: "readLimits",
  method: "get",
  path: "/api/auth/limits",
  tag,
  summary: "Read the rest of your limits",
  description:
    "Budgets limit requests: units return one by one. Quotas limit rows. Reading them charges no write; like any read, it counts towards `data-user`, and gets 429 once that is spent.",
  auth: "access-token",
  trips: 1,
  env: authEnv,
  responses: { 200: { description: "The budgets and quotas", body: limits } },
  problems: [],
});
