import { expect, test } from "vitest";
import { dropDescriptions, dropIndexes } from "../../scripts/build/without-descriptions.js";

const drop = (source: string) => dropDescriptions("contract.ts", source);

test("drops .meta(…) and the texts of operations, and keeps the rest", () => {
  expect(drop('const a = z.string().meta({ description: "A", example: b("c") }).nullable();')).toBe(
    "const a = z.string().nullable();",
  );
  expect(drop('const op = { id: "a", summary: "B", description: `C`, trips: 1 };').replace(/\s+/g, " ")).toBe(
    'const op = { id: "a", trips: 1 };',
  );
  expect(drop('const last = { id: "a", summary: "B" };').replace(/\s+/g, " ")).toBe(
    'const last = { id: "a", };',
  );
});

test("drops a nested description once", () => {
  expect(
    drop('z.object({ a: z.string().meta({ description: "A" }) }).meta({ x: z.any().meta({ y: 1 }) })'),
  ).toBe("z.object({ a: z.string() })");
});

test("keeps a member description that is not text, and .meta() without arguments", () => {
  for (const source of [
    "const task = { description: description.nullable(), read: schema.meta() };",
    "const shown = task.pick({ title: true, description: true });",
  ])
    expect(drop(source)).toBe(source);
});

test("drops the indexes and checks of tables, and keeps their columns", () => {
  const columns = '{ id: uuid("id").primaryKey(), userId: uuid("user_id").references(() => users.id) }';
  expect(
    dropIndexes(
      "schema.ts",
      `const a = pgTable("a", ${columns}, (t) => [index("b").on(t.id), check("c", d(e))]);`,
    ),
  ).toBe(`const a = pgTable("a", ${columns});`);
  const plain = `const a = pgTable("a", ${columns});`;
  expect(dropIndexes("schema.ts", plain)).toBe(plain);
});

test("throws for a source that it cannot parse", () => {
  expect(() => drop("const = ;")).toThrow("contract.ts cannot be parsed");
});
