import * as z from "zod";

type Schema = z.core.$ZodType;
type Class = new (def: z.core.$ZodTypeDef) => z.ZodType;

const classes: Record<string, unknown> = z;
const converted = new WeakMap<Schema, z.ZodType>();

/**
 * The same schema with zod's methods, which the generator calls and functions do without, and with what is said of
 * it. One schema has one classic form, so that a component stays one.
 */
export function classic(schema: Schema): z.ZodType {
  const known = converted.get(schema);
  if (known) return known;
  // The outermost class comes first: ZodMiniString before $ZodString.
  const [name = ""] = schema._zod.traits;
  const Classic = classes[name.replace("ZodMini", "Zod")];
  if (typeof Classic !== "function") throw new Error(`zod has no classic form of ${name}.`);
  const plain = new (Classic as Class)(classicParts(schema._zod.def));
  const said = z.globalRegistry.get(schema);
  const made = said ? plain.meta(said) : plain;
  converted.set(schema, made);
  return made;
}

export const classicObject = (schema: Schema): z.ZodObject => {
  const made = classic(schema);
  if (!(made instanceof z.ZodObject)) throw new Error("Only an object can be described here.");
  return made;
};

/** What a schema is made of, with each schema in it in its classic form: of members, of elements, of alternatives. */
function classicParts<T extends object>(parts: T): T {
  const entries = Object.entries(parts).map(([key, part]) => [key, classicPart(part)]);
  return (Array.isArray(parts) ? entries.map(([, part]) => part) : Object.fromEntries(entries)) as T;
}

function classicPart(part: unknown): unknown {
  if (part instanceof z.core.$ZodType) return classic(part);
  const isPlain = Array.isArray(part) || (part !== null && Object.getPrototypeOf(part) === Object.prototype);
  return isPlain ? classicParts(part as object) : part;
}
