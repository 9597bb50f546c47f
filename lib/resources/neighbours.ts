import * as z from "zod";
import { Problem } from "../problem.js";
import type { Neighbours } from "./queries/place.js";

/** The body of a move. Without `after` and `before`, the row comes last. */
export const neighbours = (kind: string) => {
  const neighbour = z.uuid().optional();
  return z.strictObject({
    after: neighbour.meta({
      description: `The ${kind} right before the new place`,
      example: "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b22",
    }),
    before: neighbour.meta({
      description: `The ${kind} right behind the new place. With \`after\`, any later ${kind}`,
      example: "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b23",
    }),
  });
};

export const neighbourRules: Record<keyof Neighbours, string> = {
  after: "must be another one that you have",
  before: "must be another one that you have, behind `after`",
};

/** @throws Problem `invalid-reference` if a member of a move names no possible row */
export function requireNeighbours({ refusedMember }: { refusedMember: keyof Neighbours | null }): void {
  if (refusedMember === null) return;
  const error = { pointer: `/${refusedMember}`, message: neighbourRules[refusedMember] };
  throw new Problem("invalid-reference", { errors: [error] });
}
