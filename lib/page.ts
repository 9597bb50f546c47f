import * as z from "./zod.js";

const defaultLimit = 50;
const maxLimit = 200;

const clamped = (value: string) => Math.min(Math.max(Number(value), 1), maxLimit);

/** Query parameters of every list. A limit outside 1 to 200 is clamped (AIP-158). */
export const pageQuery = {
  cursor: z.doc(z.optional(z.string().check(z.minLength(1), z.maxLength(200))), {
    description: "`nextCursor` of the page before",
  }),
  limit: z.doc(
    z._default(
      z.pipe(z.string().check(z.regex(/^-?\d+$/, "must be a whole number")), z.transform(clamped)),
      defaultLimit,
    ),
    { description: `Rows on a page, 1 to ${maxLimit}; clamped`, example: "50" },
  ),
};

/** The answer of every list. */
export const pageOf = <S extends z.ZodMiniType>(item: S) =>
  z.strictObject({
    data: z.array(item),
    nextCursor: z.doc(z.nullable(z.string()), { description: "Pass it as `cursor`; null on the last page" }),
  });
