import { writeFile } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import { cases, searches } from "./cases.js";
import { startExaminedStack } from "./examined-stack.js";
import { pagesAllowed, type Row, toMarkdown } from "./growth-table.js";
import { type Measured, measure } from "./measured.js";
import { populate } from "./population.js";

const sizes = [100, 10_000, 1_000_000];
const bySize: Map<string, Measured>[] = [];
let version: unknown;

const rowsOf = (list: typeof cases): Row[] =>
  list.map(({ title }) => ({ title, measured: bySize.flatMap((measured) => measured.get(title) ?? []) }));

test.each(sizes)("is measured with %i users", async (users) => {
  const on = await startExaminedStack();
  try {
    const startedAt = Date.now();
    await populate(on.stack.sql, users);
    console.log(
      `${users} users, each with a row in every table: ${Math.round((Date.now() - startedAt) / 1000)} s`,
    );
    const measured = new Map<string, Measured>();
    for (const example of [...cases, ...searches]) {
      // What is rolled back leaves dead rows, which the next case would have to pass by.
      await on.stack.sql("vacuum (index_cleanup on)");
      measured.set(example.title, await measure(example, on));
    }
    bySize.push(measured);
    version = (await on.stack.sql("select split_part(version(), ' ', 2) as version"))[0]?.["version"];
  } finally {
    await on.stop();
  }
});

test("what a request costs the database grows by no more than the depth of its indexes", () => {
  const tooMuch = rowsOf(cases).filter(
    (row) => !((row.measured.at(-1)?.pages ?? Infinity) <= pagesAllowed(row)),
  );
  expect(tooMuch.map(({ title, measured }) => [title, ...measured.map(({ pages }) => pages)])).toEqual([]);
});

test("no request reads a table from end to end, or more rows than a page has", () => {
  const excesses = rowsOf([...cases, ...searches]).flatMap(({ title, measured }) =>
    (measured.at(-1)?.excesses ?? ["not measured"]).map((excess) => `${title}: ${excess}`),
  );
  expect(excesses).toEqual([]);
});

const page = new URL("../../docs/growth.md", import.meta.url);

afterAll(async () => {
  const table = toMarkdown(sizes, rowsOf([...cases, ...searches]));
  console.log(table);
  // A run that was cut short is no result.
  if (bySize.length === sizes.length) await writeFile(page, pageOf(table));
});

const pageOf = (table: string) => `# What a request costs the database, by its size

Written by \`npm run growth\`. As many users as said, each with a row in every table, on PostgreSQL ${version}. Pages
are 8 KB, read or found in memory by all statements of the request; they may grow by the depth of the indexes, no more
("allowed", asserted). No table is read from end to end, and no more rows than a page has (asserted). The last rows are
searches of an admin: their cost depends on how many match. Milliseconds are of one run, on a machine that does other
things too; they are not asserted.

${table}
`;
