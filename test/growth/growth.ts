import { writeFile } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import { startAnalyzedStack } from "./analyzed-stack.js";
import { cases, searches } from "./cases.js";
import { type GrowthRow, pagesAllowed, toMarkdown } from "./growth-table.js";
import { type Measurement, measure } from "./measurement.js";
import { populate } from "./population.js";

const sizes = [100, 10_000, 1_000_000];
const bySize: Map<string, Measurement>[] = [];
let version: unknown;

const rowsOf = (list: typeof cases): GrowthRow[] =>
  list.map(({ title }) => ({ title, measurements: bySize.flatMap((byTitle) => byTitle.get(title) ?? []) }));

test.each(sizes)("measures every case with %i users", async (users) => {
  const analyzed = await startAnalyzedStack();
  try {
    const startedAt = Date.now();
    expect(await populate(analyzed.stack.sql, users)).toEqual([]);
    console.log(
      `inserted ${users} users, each with a row in every table, in ${Math.round((Date.now() - startedAt) / 1000)} s`,
    );
    const byTitle = new Map<string, Measurement>();
    for (const example of [...cases, ...searches]) {
      // Rolled-back writes leave dead rows, which would slow down the next case.
      await analyzed.stack.sql("vacuum (index_cleanup on)");
      byTitle.set(example.title, await measure(example, analyzed));
    }
    bySize.push(byTitle);
    version = (await analyzed.stack.sql("select split_part(version(), ' ', 2) as version"))[0]?.["version"];
  } finally {
    await analyzed.stop();
  }
});

test("the pages of a request grow no more than the depth of its indexes", () => {
  const tooMuch = rowsOf(cases).filter(
    (row) => !((row.measurements.at(-1)?.pages ?? Infinity) <= pagesAllowed(row)),
  );
  expect(
    tooMuch.map(({ title, measurements }) => [title, ...measurements.map(({ pages }) => pages)]),
  ).toEqual([]);
});

test("no request scans a whole table or reads more rows than a page needs", () => {
  const found = rowsOf([...cases, ...searches]).flatMap(({ title, measurements }) =>
    (measurements.at(-1)?.excessiveReads ?? ["not measured"]).map((read) => `${title}: ${read}`),
  );
  expect(found).toEqual([]);
});

const page = new URL("../../docs/growth.md", import.meta.url);

afterAll(async () => {
  const table = toMarkdown(sizes, rowsOf([...cases, ...searches]));
  console.log(table);
  // An interrupted run must not replace the page.
  if (bySize.length === sizes.length) await writeFile(page, pageOf(table));
});

const pageOf = (table: string) => `# Database cost of a request by database size

\`npm run growth\` generates this page. Each database has the given number of users and about one row per user in every
other table, on PostgreSQL ${version}.

- **Pages** are 8 KB each, read or found in memory by all statements of the request. The test allows them to grow with
  the depth of the indexes and no further ("allowed").
- **Rows**: the test fails when a request scans a whole table or reads more rows than a page of results needs.
- **Milliseconds** come from one run on a shared machine. The test does not check them.

The last rows are searches and filters, whose cost depends on the rows that they find or pass, and lists in another order
than that of creation, in which each row may be on another page.

${table}
`;
