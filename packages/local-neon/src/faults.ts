import * as z from "zod";

const fault = z.discriminatedUnion("kind", [
  z.strictObject({
    /**
     * Without running the queries: `refuse` closes the connection, `hang` never responds, `500` and `507` respond
     * with that status as text, `garbage` responds 200 with HTML.
     * After running them: `truncated` responds 200 with half of the JSON, `reset` closes the connection in the middle
     * of the body, `stall` sends half of the body and then nothing, `lost` closes the connection without a response.
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
  /** Without it, the rule applies to every database. */
  database: z.string().optional(),
  /** A regular expression on the SQL text. One matching query of a batch is enough. */
  match: z.string().refine(isPattern, "not a regular expression").optional(),
  /** Number of matching requests to let through first. */
  skip: z.int().nonnegative().default(0),
  /** Number of requests to affect. Without it, the rule applies until it is removed. */
  times: z.int().positive().optional(),
  fault,
});

export type Fault = z.output<typeof fault>;
export type FaultRule = z.input<typeof faultRule>;

type ActiveRule = Omit<z.output<typeof faultRule>, "match" | "times"> & { pattern: RegExp; times: number };

function isPattern(source: string): boolean {
  try {
    return Boolean(new RegExp(source));
  } catch {
    return false;
  }
}

/** Chooses the fault of a request: the first rule that matches and is not used up. */
export class Faults {
  #rules: ActiveRule[] = [];

  add(rules: z.output<typeof faultRule>[]): void {
    for (const { match = "", times = Number.POSITIVE_INFINITY, ...rule } of rules) {
      this.#rules.push({ ...rule, pattern: new RegExp(match), times });
    }
  }

  /** `null` removes the rules of every database. */
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
