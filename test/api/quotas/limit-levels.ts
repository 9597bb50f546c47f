import type { ApiResponse } from "../../stack/client.js";
import type { TestUser } from "../../stack/users.js";

type BudgetLevel = {
  name: string;
  limit: number;
  remaining: number;
  refillSeconds: number;
  fullAt: string | null;
};
type QuotaLevel = { name: string; limit: number; used: number; remaining: number };
export type Limits = { budgets: BudgetLevel[]; quotas: QuotaLevel[] };

export const getLimits = ({ client, token }: TestUser): Promise<ApiResponse> =>
  client.get("/api/auth/limits", { token });

export async function readLimits(person: TestUser): Promise<Limits> {
  const { status, text, json } = await getLimits(person);
  if (status !== 200) throw new Error(`limits: ${status} ${text}`);
  return json;
}

function named<T extends { name: string }>(levels: readonly T[], name: string): T {
  const level = levels.find((one) => one.name === name);
  if (!level) throw new Error(`the response has no ${name}`);
  return level;
}

export const budgetOf = async (person: TestUser, name: string): Promise<BudgetLevel> =>
  named((await readLimits(person)).budgets, name);

export const quotaOf = async (person: TestUser, name: string): Promise<QuotaLevel> =>
  named((await readLimits(person)).quotas, name);
