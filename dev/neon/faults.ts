import * as z from "zod";

const fault = z.discriminatedUnion("kind", [
  z.strictObject({
    /**
     * `refuse`: the connection is cut, nothing runs. `hang`: no answer, nothing runs. `500`, `507`: that status as
     * text, nothing runs. `garbage`: 200 with HTML, nothing runs. `truncated`: runs, then a 200 whose JSON ends in
     * the middle. `reset`: runs, then the connection is cut in the middle of the body. `stall`: runs, then half the
     * body and no more. `lost`: runs, no answer.
     */
    kind: z.enum(["refuse", "hang", "500", "507", "garbage", "truncated", "reset", "stall", "lost"]),
  }),
  z.strictObject({ kind: z.literal("slow"), ms: z.int().nonnegative() }),
  z.strictObject({
    kind: z.literal("sql"),
    code: z.string().length(5),
    message: z.string().optional(),
    constraint: z.string().optional(),
  }),
]);

export const faultRule = z.strictObject({
  /** Every database when absent. */
  database: z.string().optional(),
  /** A regular expression on the SQL text; one query of a batch is enough. */
  match: z.string().refine(isPattern, "not a regular expression").optional(),
  /** Matching requests to let through first. */
  skip: z.int().nonnegative().default(0),
  times: z.int().positive().optional(),
  fault,
});

export type Fault = z.output<typeof fault>;
export type FaultRule = z.input<typeof faultRule>;

type Active = Omit<z.output<typeof faultRule>, "match" | "times"> & { pattern: RegExp; times: number };

function isPattern(source: string): boolean {
  try {
    return Boolean(new RegExp(source));
  } catch {
    return false;
  }
}

/** Decides which request meets which fault: the first rule that fits and is not used up. */
export class Faults {
  #rules: Active[] = [];

  add(rules: z.output<typeof faultRule>[]): void {
    for (const { match = "", times = Number.POSITIVE_INFINITY, ...rule } of rules) {
      this.#rules.push({ ...rule, pattern: new RegExp(match), times });
    }
  }

  /** Without a database: all rules. */
  remove(database: string | null): void {
    this.#rules = database === null ? [] : this.#rules.filter((rule) => rule.database !== database);
  }

  take(database: string, texts: string[]): Fault | null {
    for (const rule of this.#rules) {
      if (rule.database !== undefined && rule.database !== database) continue;
      if (rule.times === 0 || !texts.some((text) => rule.pattern.test(text))) continue;
      if (rule.skip > 0) {
        rule.skip -= 1;
        continue;
      }
      rule.times -= 1;
      return rule.fault;
    }
    return null;
  }
}
