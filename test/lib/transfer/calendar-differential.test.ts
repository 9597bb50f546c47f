import fc from "fast-check";
import ICAL from "ical.js";
import { expect, test } from "vitest";
import { rowsOf, taskIn } from "./read.js";

const anyText = fc.string({
  unit: fc.constantFrom(..."abn,;\\:\"' =é語🌱\n"),
  minLength: 1,
  maxLength: 200,
});
const isText = (text: string) => text.trim() !== "";
const anyTitle = anyText.filter(isText);
const anyLabel = anyText
  .map((text) => text.replaceAll("\n", " ").slice(0, 60).toWellFormed().trim())
  // ical.js does not recognize that the backslash before a separating comma is itself escaped.
  .filter((text) => isText(text) && !text.endsWith("\\"));
const day = fc
  .date({ min: new Date("1900-01-01"), max: new Date("2399-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString());
const anyDue = fc.oneof(
  day.map((instant) => ({
    value: ICAL.Time.fromDateString(instant.slice(0, 10)),
    date: instant.slice(0, 10),
  })),
  day.map((instant) => ({
    value: ICAL.Time.fromDateTimeString(`${instant.slice(0, 19)}Z`),
    date: instant.slice(0, 10),
    time: instant.slice(11, 16),
    timeZone: "UTC",
  })),
);

const anyTask = fc.record({
  title: anyTitle,
  description: fc.option(anyText),
  labels: fc.array(fc.uniqueArray(anyLabel, { minLength: 1, maxLength: 3 }), { maxLength: 2 }),
  due: fc.option(anyDue),
});
type AnyTask = typeof anyTask extends fc.Arbitrary<infer Task> ? Task : never;

function componentOf({ title, description, labels, due }: AnyTask): ICAL.Component {
  const todo = new ICAL.Component("vtodo");
  todo.updatePropertyWithValue("summary", title);
  if (description !== null) todo.updatePropertyWithValue("description", description);
  for (const names of labels) {
    const property = new ICAL.Property("categories");
    property.setValues(names);
    todo.addProperty(property);
  }
  if (due) todo.updatePropertyWithValue("due", due.value);
  return todo;
}

const firstSpellings = (labels: readonly string[]) => {
  const keys = labels.map((label) => label.toLowerCase());
  return labels.filter((_, index) => keys.indexOf(keys[index] ?? "") === index);
};

test("the reader finds the texts, labels and due dates that ical.js wrote", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyTask, { minLength: 1, maxLength: 3 }), async (tasks) => {
      const calendar = new ICAL.Component("vcalendar");
      for (const task of tasks) calendar.addSubcomponent(componentOf(task));
      const read = (await rowsOf("ics", calendar.toString())).map(taskIn);
      expect(
        read.map(({ title, description, labels, due }) => ({ title, description, labels, due })),
      ).toEqual(
        tasks.map(({ title, description, labels, due }) => {
          const { value: _, ...dueOf } = due ?? { value: null };
          return {
            title: title.replaceAll(/\n+/g, " ").trim(),
            description,
            labels: firstSpellings(labels.flat()),
            due: due ? dueOf : undefined,
          };
        }),
      );
    }),
    { numRuns: 1_000 },
  );
});
