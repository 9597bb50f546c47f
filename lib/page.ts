import * as z from "zod";

const defaultLimit = 50;
const maxLimit = 200;

/** Query parameters of every list. A limit outside 1 to 200 is clamped (AIP-158). */
export const pageQuery = {
  cursor: z.string().min(1).max(200).optional().meta({ description: "`nextCursor` of the page before" }),
  limit: z
    .string()
    .regex(/^-?\d+$/, "must be a whole number")
    .transform((value) => Math.min(Math.max(Number(value), 1), maxLimit))
    .default(defaultLimit)
    .meta({ description: `Rows on a page, 1 to ${maxLimit}; clamped`, example: "50" }),
};

/** The answer of every list. */
export const pageOf = <S extends z.ZodType>(item: S) =>
  z.strictObject({
    data: z.array(item),
    nextCursor: z.string().nullable().meta({ description: "Pass it as `cursor`; null on the last page" }),
  });
