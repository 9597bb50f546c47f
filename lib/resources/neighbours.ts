import * as z from "zod";
import { Problem } from "../problem.js";
import type { Neighbours } from "./queries/place.js";

/** The body of a move. Without `after` and `before`, the resource comes last. */
export const neighbours = (kind: string) => {
  const neighbour = z.uuid().optional();
  return z.strictObject({
    after: neighbour.meta({
      description: `Move directly after this ${kind}`,
      example: "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b22",
    }),
    before: neighbour.meta({
      description: `Move directly before this ${kind}. With \`after\`, which decides the place, it may be any later ${kind}`,
      example: "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b23",
    }),
  });
};

export const neighbourRules: Record<keyof Neighbours, string> = {
  after: "must be another of your own",
  before: "must be another of your own and come later than `after`",
};

/** @throws Problem `invalid-reference` if a neighbour in the body of a move was refused */
export function requireNeighbours({ refusedMember }: { refusedMember: keyof Neighbours | null }): void {
  if (refusedMember === null) return;
  const error = { pointer: `/${refusedMember}`, message: neighbourRules[refusedMember] };
  throw new Problem("invalid-reference", { errors: [error] });
}
