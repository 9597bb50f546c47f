import type { ImportRequest } from "../../../lib/transfer/contract.js";
import { importLimits } from "../../../lib/transfer/limits.js";
import { calendar, todo } from "./calendars.js";

type Format = ImportRequest["format"];
type NastyFile = readonly [format: Format, name: string, content: string];

const size = importLimits.contentCharacters;
/** Repeats the text up to the size of an import, with room for a frame. */
const filled = (text: string, characters = size - 300) => text.repeat(Math.floor(characters / text.length));
const numbered = (count: number, textOf: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => textOf(index)).join("");
const inTask = (text: string) => calendar(...todo("SUMMARY:a", text));
const related = (uid: string, parent: string) => todo(`UID:${uid}`, "SUMMARY:a", `RELATED-TO:${parent}`);

const json: NastyFile[] = [
  ["json", "nesting", filled("[")],
  ["json", "nesting in a member", `{"tasks":[{"title":${"[".repeat(100_000)}${"]".repeat(100_000)}}]}`],
  ["json", "nesting of objects", filled('{"tasks":')],
  ["json", "tasks", `{"tasks":[${filled("1,")}1]}`],
  ["json", "projects", `{"tasks":[],"projects":[${filled('{"name":"a"},')}{"name":"a"}]}`],
  ["json", "labels", `{"tasks":[{"title":"a","labels":[${filled("1,")}1]}]}`],
  ["json", "spaces in a title", `{"tasks":[{"title":"a${filled(" ")}a"}]}`],
  ["json", "members of prototypes", '{"__proto__":{"tasks":[]},"tasks":[{"__proto__":{"title":"a"}}]}'],
];

const header = "title,description,labels,project,recurrenceRule\n";
const csv: NastyFile[] = [
  ["csv", "quotes", header + filled('"')],
  ["csv", "an open quote", `${header}"${filled("a")}`],
  ["csv", "commas", header + filled(",")],
  ["csv", "columns and rows", `${filled("title,", size - 3_000)}title\n${filled("x\n", 2_000)}`],
  ["csv", "line feeds", header + filled("\n")],
  ["csv", "carriage returns", header + filled("\r")],
  ["csv", "spaces", header + filled(" ")],
  ["csv", "apostrophes", header + filled("'")],
  ["csv", "byte order marks", filled("\ufeff")],
  ["csv", "labels", `${header}a,,"${filled("\0,")}"`],
  ["csv", "labels in lines", `${header}a,,"${filled(",\n")}"`],
  ["csv", "a project", `${header}a,,,${filled("a")}`],
];

const todoist: NastyFile[] = [
  ["todoist", "at signs", `TYPE,CONTENT\ntask,${filled("@")}`],
  ["todoist", "labels", `TYPE,CONTENT\ntask,${filled("@a ")}`],
  ["todoist", "spaces", `TYPE,CONTENT\ntask,a${filled(" ")}a`],
  ["todoist", "a month", `TYPE,CONTENT,DATE\ntask,a,5 ${filled("a")} 2026`],
  [
    "todoist",
    "columns and rows",
    `TYPE,CONTENT,${numbered(150_000, (index) => `${index},`)}\n${filled("task,a\n", 7_000)}`,
  ],
  ["todoist", "indents", `TYPE,CONTENT,INDENT\n${numbered(1_000, (index) => `task,a,${1 + (index % 9)}\n`)}`],
];

const ics: NastyFile[] = [
  ["ics", "a name", filled("a")],
  ["ics", "a name in a task", inTask(filled("a"))],
  ["ics", "parameters", inTask(`A${filled(";a=")}`)],
  ["ics", "quoted parameters", inTask(`A${filled(';a="a"')}`)],
  ["ics", "quoted values", inTask(`A;a=${filled('"a"')}`)],
  ["ics", "an open quote", inTask(`A;a="${filled("a")}`)],
  ["ics", "quotes", inTask(`A;a=${filled('"')}"`)],
  ["ics", "a value of a parameter", inTask(`A;a=${filled("a")}`)],
  ["ics", "folds", inTask(filled("\n "))],
  ["ics", "line feeds", inTask(filled("\n"))],
  ["ics", "carriage returns", inTask(filled("\r"))],
  ["ics", "backslashes", inTask(`DESCRIPTION:${filled("\\")}`)],
  ["ics", "categories", inTask(`CATEGORIES:${filled("a,")}`)],
  ["ics", "a category", inTask(`CATEGORIES:${filled("a")}`)],
  ["ics", "backslashes of categories", inTask(`CATEGORIES:${filled("\\")}`)],
  ["ics", "spaces of a title", calendar(...todo(`SUMMARY:a${filled(" ")}a`))],
  ["ics", "controls of a title", calendar(...todo(`SUMMARY:a${filled("\u0007 ")}a`))],
  ["ics", "calendars", filled("BEGIN:VCALENDAR\n")],
  ["ics", "empty calendars", filled("BEGIN:VCALENDAR\nEND:VCALENDAR\n")],
  ["ics", "tasks in tasks", calendar(filled("BEGIN:VTODO\n"))],
  ["ics", "ends", filled("END:VTODO\n")],
  ["ics", "properties", inTask(filled("a:\n"))],
  ["ics", "ends of a rule", inTask(`RRULE:${filled("UNTIL=11111111T")}`)],
  [
    "ics",
    "a chain of parents",
    calendar(...Array.from({ length: 1_000 }, (_, i) => related(`${i}`, `${i + 1}`)).flat()),
  ],
  [
    "ics",
    "children of a long task",
    calendar(...todo("UID:a", filled("a:\n", size - 100_000)), ...Array(999).fill(related("b", "a")).flat()),
  ],
];

/** Files that take a careless reader a long time or a lot of memory. */
export const nastyFiles: readonly NastyFile[] = [...json, ...csv, ...todoist, ...ics];
