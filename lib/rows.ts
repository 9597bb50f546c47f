import * as z from "zod";

// The usual case: Postgres runs in UTC, so the text needs no date arithmetic.
const utc = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d{3,6}\+00(?::00)?$/;
const zoned = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d)(?::(\d\d))?$/;

/** A timestamp as Postgres writes it, in a column or inside JSON, in any time zone. Becomes RFC 3339 in UTC. */
export const dbTime = z.string().transform((value, { issues }) => {
  if (utc.test(value)) return `${value.slice(0, 10)}T${value.slice(11, 23)}Z`;
  const [isMatch, date, time, hours, minutes = "00"] = zoned.exec(value) ?? [];
  const moment = new Date(isMatch ? `${date}T${time}${hours}:${minutes}` : Number.NaN);
  if (!Number.isNaN(moment.getTime())) return moment.toISOString();
  issues.push({ code: "custom", message: "must be a timestamp", input: value });
  return z.NEVER;
});

/** The schema of rows that hold an object of the contract: the same members, with timestamps in Postgres's format. */
export function rowSchemaOf<S extends z.ZodRawShape>(
  contract: z.ZodObject<S>,
): z.ZodType<z.output<z.ZodObject<S>>> {
  const members = Object.entries(contract.shape).map(([name, member]) => [name, asStored(member)]);
  // `asStored` keeps the output type of each member, which Object.fromEntries cannot express.
  return z.object(Object.fromEntries(members)) as unknown as z.ZodType<z.output<z.ZodObject<S>>>;
}

function asStored(member: z.core.$ZodType): z.core.$ZodType {
  if (member instanceof z.ZodISODateTime) return dbTime;
  if (member instanceof z.ZodNullable) return z.nullable(asStored(member.unwrap()));
  if (member instanceof z.ZodOptional) return z.optional(asStored(member.unwrap()));
  if (member instanceof z.ZodObject) return rowSchemaOf(member);
  return member;
}
