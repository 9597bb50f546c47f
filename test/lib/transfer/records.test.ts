import { expect, test } from "vitest";
import { lines, prepare, rowsOf, tasksOf } from "./read.js";

const titles = async (content: string) => (await tasksOf("csv", content)).map(({ title }) => title);

test.each([
  ["CRLF", "title\r\nWater\r\nMow\r\n"],
  ["LF", "title\nWater\nMow\n"],
  ["CR", "title\rWater\rMow\r"],
  ["several kinds of line breaks", 'title\nWater\r\n"Mow"\r\n'],
  ["no line break at the end", "title\nWater\nMow"],
  ["a byte order mark", "\ufefftitle\nWater\nMow\n"],
  ["a byte order mark before a quote", '\ufeff"title"\nWater\nMow\n'],
  ["empty lines", "title\n\nWater\n\n \nMow\n\n"],
  ["rows of empty cells", "title,priority\nWater,0\n,\n , \nMow,0\n,\n"],
  ["a header in another case, with spaces", " Title \nWater\nMow\n"],
])("CSV with %s has the same rows", async (_, content) => {
  expect(await titles(content)).toEqual(["Water", "Mow"]);
});

test("a row may lack cells, and gets a note if it has too many", async () => {
  const rows = await rowsOf("csv", lines("title,priority,labels", "Water", "Mow,1,,,x", "Rake,2,,,"));
  expect(rows).toMatchObject([
    { task: { title: "Water" }, notes: [] },
    { task: { title: "Mow", priority: 1 }, notes: ["The cells after the last column were left out."] },
    { task: { title: "Rake", priority: 2 }, notes: [] },
  ]);
});

test("1,000 rows are read, and one more is refused", async () => {
  const file = (count: number) => `title\n\n${"Water\n".repeat(count)}\n,\n`;
  expect((await prepare("csv", file(1_000))).tasks).toHaveLength(1_000);
  await expect(prepare("csv", file(1_001))).rejects.toMatchObject({
    code: "invalid-request",
    options: {
      errors: [{ pointer: "/content", message: "must have at most 1,000 rows; import it in parts" }],
    },
  });
});

test("a lone surrogate is refused, because it would become another character", async () => {
  await expect(prepare("csv", "title\n\ud800\n")).rejects.toMatchObject({
    options: { errors: [{ pointer: "/content", message: "must not contain lone surrogates" }] },
  });
});

// A copy of the header for each row took 2.8 GiB.
test("a header of 150,000 columns costs its rows nothing", async () => {
  const columns = Array.from({ length: 150_000 }, (_, index) => index.toString(36)).join(",");
  const before = process.memoryUsage().heapUsed;
  const file = await rowsOf("todoist", `TYPE,CONTENT,${columns}\n${"task,x\n".repeat(1_000)}`);
  expect(file).toHaveLength(1_000);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(256 * 1024 * 1024);
});
