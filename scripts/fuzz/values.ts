import fc from "fast-check";
import type { Api, Schema } from "./document.js";
import { badEmails, badUuids, emailAddress, emailOfLength, lengths, plainText } from "./text.js";

export type Resolve = Api["resolve"];
/** Values that break one keyword of a schema. */
export type Violation = { what: string; value: fc.Arbitrary<unknown> };

/** Says nothing about which values are valid. */
const annotations = new Set(["description", "example", "examples", "default", "title", "deprecated"]);
const known = {
  string: new Set(["type", "enum", "format", "pattern", "minLength", "maxLength"]),
  object: new Set(["type", "properties", "required", "additionalProperties"]),
  boolean: new Set(["type"]),
};
type Kind = keyof typeof known;
const formats = new Set(["email", "uuid"]);

/** The one kind of a schema, and whether null will do. @throws Error on a keyword that would go untested */
function kindOf(schema: Schema): { kind: Kind; isNullable: boolean } {
  const types = [schema.type ?? "object"].flat();
  const [kind, ...others] = types.filter((type) => type !== "null");
  if (!isKind(kind) || others.length > 0) throw new Error(`the fuzz knows no values of type ${types}`);
  const unknown = Object.keys(schema).filter((key) => !known[kind].has(key) && !annotations.has(key));
  if (unknown.length > 0) throw new Error(`the fuzz does not know the keyword ${unknown} of a ${kind}`);
  if (schema.format !== undefined && !formats.has(schema.format)) {
    throw new Error(`the fuzz does not know the format ${schema.format}`);
  }
  return { kind, isNullable: types.includes("null") };
}
const isKind = (value: string | undefined): value is Kind => value !== undefined && value in known;

export function validValue(stated: Schema, resolve: Resolve, salt = ""): fc.Arbitrary<unknown> {
  const schema = resolve(stated);
  const { kind, isNullable } = kindOf(schema);
  const value = { string: validText, object: validObject, boolean: () => fc.boolean() }[kind](
    schema,
    resolve,
    salt,
  );
  return isNullable
    ? fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) })
    : value;
}

const bounds = ({ minLength = 0, maxLength }: Schema) => ({
  min: minLength,
  max: maxLength ?? minLength + 200,
});

export function validText(schema: Schema, _: Resolve, salt: string): fc.Arbitrary<string> {
  if (schema.enum) return fc.constantFrom(...schema.enum.map(String));
  if (schema.format === "uuid") return fc.uuid();
  if (schema.format === "email") return emailAddress(schema.maxLength ?? 254);
  if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern));
  const { min, max } = bounds(schema);
  return plainText(lengths(min, max), salt);
}

function validObject(schema: Schema, resolve: Resolve): fc.Arbitrary<Record<string, unknown>> {
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => [
    name,
    validValue(member, resolve, name),
  ]);
  return fc.record(Object.fromEntries(members), {
    requiredKeys: schema.required ?? [],
    noNullPrototype: true,
  });
}

/** Every way to break one keyword. `asText`: a parameter, which is text whatever it is. */
export function violations(stated: Schema, resolve: Resolve, { asText = false } = {}): Violation[] {
  const schema = resolve(stated);
  const { kind, isNullable } = kindOf(schema);
  const ofType = asText ? [] : [{ what: "type", value: fc.constantFrom(...wrongTypes(kind, isNullable)) }];
  if (kind === "object") return [...ofType, ...badMembers(schema, resolve)];
  return kind === "string" ? [...ofType, ...badTexts(schema)] : ofType;
}

function wrongTypes(kind: Kind, isNullable: boolean): unknown[] {
  let nested: unknown = [];
  for (let depth = 0; depth < 2_000; depth += 1) nested = [nested];
  const values = [0, 1, -1.5, 1e308, Number.MAX_SAFE_INTEGER, [], ["x"], nested];
  const isOther = {
    string: [true, {}, { toString: "x" }],
    object: [true, "x", ""],
    boolean: ["true", "", {}],
  }[kind];
  return [...values, ...isOther, ...(isNullable ? [] : [null])];
}

function badTexts(schema: Schema): Violation[] {
  const found: Violation[] = [];
  const { min, max } = bounds(schema);
  const add = (what: string, value: fc.Arbitrary<unknown>) => found.push({ what, value });
  if (schema.enum) {
    const bad = schema.enum.map(String).flatMap((one) => [`${one}x`, one.toUpperCase(), one.slice(1), ""]);
    add("enum", fc.constantFrom(...bad.filter((one) => !schema.enum?.includes(one))));
    return found;
  }
  if (schema.pattern !== undefined) {
    const pattern = new RegExp(schema.pattern);
    const bad = ["", "§ x", "é", "a b", "x".repeat(300), "1e3", "0x10", "1.5", "٣"];
    add("pattern", fc.constantFrom(...bad.filter((one) => !pattern.test(one))));
  }
  if (schema.format === "email") add("format", fc.constantFrom(...badEmails));
  if (schema.format === "uuid") add("format", fc.constantFrom(...badUuids));
  if (schema.minLength) add("minLength", plainText(fc.constantFrom(0, min - 1), "short"));
  if (schema.maxLength !== undefined) add("maxLength", tooLong(schema, max));
  return found;
}

const tooLong = (schema: Schema, max: number): fc.Arbitrary<string> =>
  schema.format === "email"
    ? emailAddress(max).map((address) => emailOfLength(address, max + 1))
    : plainText(fc.constantFrom(max + 1, max + 2, max + 50), "long");

const strangers = [
  "unknown",
  "__proto__",
  "constructor",
  "toString",
  "",
  "id",
  "role",
  "Title",
  "🙂",
  "a\0b",
  "\ud800",
];

function badMembers(schema: Schema, resolve: Resolve): Violation[] {
  const whole = validObject(schema, resolve);
  const names = Object.keys(schema.properties ?? {});
  const put = (name: string, value: fc.Arbitrary<unknown>) =>
    fc.tuple(whole, value).map(([object, bad]) => ({ ...object, [name]: bad }));
  const inside = Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
    violations(member, resolve).map(({ what, value }) => ({
      what: `/${name} ${what}`,
      value: put(name, value),
    })),
  );
  const missing = (schema.required ?? []).map((name) => ({
    what: `/${name} required`,
    value: whole.map(({ [name]: _, ...others }) => others),
  }));
  if (schema.additionalProperties !== false) return [...inside, ...missing];
  const stranger = fc.constantFrom(...strangers.filter((name) => !names.includes(name)));
  const value = fc.constantFrom("x", 1, null, {}, "x".repeat(100_000));
  const more = fc
    .tuple(whole, stranger, value)
    .map(([object, name, extra]) => ({ ...object, [name]: extra }));
  return [...inside, ...missing, { what: "additionalProperties", value: more }];
}
