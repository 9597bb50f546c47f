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
      description: `The name in the \`RateLimit\` header of a 429. Units: ${units}. Later versions may add budgets`,
      example: exampleBudget.name,
    }),
    limit: z.int().meta({ description: "Units in a full budget", example: exampleBudget.burst }),
    remaining: z.int().meta({
      description: "Units left now; at 0, a request that needs one gets 429",
      example: exampleBudget.burst - 1,
    }),
    refillSeconds: z
      .int()
      .meta({ description: "Seconds until one unit returns", example: exampleBudget.refillSeconds }),
    fullAt: timestamp.nullable().meta({
      description: "When the budget will be full again; null: it is full",
      example: "2026-11-23T15:04:06.123Z",
    }),
  })
  .meta({ id: "BudgetLevel" });

export const quotaLevel = z
  .strictObject({
    name: z.string().meta({
      description:
        "The rows that are counted, such as `tasks`, or active `sessions` (at the limit, a sign-in ends another session). Later versions may add quotas",
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
  summary: "Read your remaining limits",
  description:
    "Budgets limit requests: spent units return one by one. Quotas limit rows. Reading the limits charges no write. Like any read, it counts towards `data-user`, and gets 429 once that is spent.",
  auth: "access-token",
  trips: 1,
  env: authEnv,
  responses: { 200: { description: "The budgets and quotas", body: limits } },
  problems: [],
});
