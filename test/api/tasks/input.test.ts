import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { descriptionBytes, titleLength } from "../../../lib/tasks/limits.js";
import { type Person, signUp } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { createTask, pointersOf } from "./new-task.js";

let stack: Stack;
let ada: Person;
let path: string;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
  ({ path } = await createTask(ada));
});
afterAll(() => stack.stop());

/** The same body as a new task and as a change of one. */
const operations = [
  ["POST /api/tasks", (body: string) => send("POST", "/api/tasks", body)],
  ["PATCH /api/tasks/{id}", (body: string) => send("PATCH", path, body)],
] as const;
const headers = { "content-type": "application/json" };
const send = (method: string, to: string, body: string) =>
  ada.client.send(method, to, { token: ada.token, body, headers });

const longest = "x".repeat(titleLength);
const emoji = "🪴";
const threeBytes = "語";

describe.each(operations)("%s", (_, write) => {
  const writeJson = (body: unknown) => write(JSON.stringify(body));

  test.each([
    ["one character", "x", "x"],
    ["the longest", longest, longest],
    ["the longest with space around it, which is cut off", ` \t${longest}\n `, longest],
    ["as many characters beyond the basic plane", emoji.repeat(titleLength), emoji.repeat(titleLength)],
    ["right-to-left text and marks", "שָׁלוֹם", "שָׁלוֹם"],
    ["a character newer than the runtime's Unicode", "\u{3ff00}", "\u{3ff00}"],
    ["what looks like SQL", "'; drop table tasks; --", "'; drop table tasks; --"],
    ["what looks like markup", "<b>&amp;</b>", "<b>&amp;</b>"],
    ["backslashes and percent signs", "\\ %00 \\u0000", "\\ %00 \\u0000"],
  ])("takes a title of %s", async (_what, title, stored) => {
    const answer = await writeJson({ title });
    expect(answer.status).toBeLessThan(300);
    expect(answer.json.title).toBe(stored);
    const location = answer.headers.get("location") ?? path;
    expect((await ada.client.get(location, { token: ada.token })).json.title).toBe(stored);
  });

  test.each([
    ["empty", ""],
    ["only space", " \t\n\u00a0\u2003 "],
    ["only what nobody sees", "\u200b\u2060\u00ad"],
    ["one character too long", `${longest}x`],
    ["one character beyond the basic plane too long", emoji.repeat(titleLength + 1)],
    ["of two lines", "a\nb"],
    ["of two lines by a line separator", "a\u2028b"],
    ["with a control character", "a\u0007b"],
    ["with NUL", "a\0b"],
    ["with a lone surrogate", "a\ud800b"],
    ["with surrogates in the wrong order", "\udc00\ud800"],
    ["null", null],
    ["a number", 1],
    ["a list", ["x"]],
    ["an object", { toString: "x" }],
  ])("refuses a title that is %s", async (_what, title) => {
    const answer = await writeJson({ title });
    expect(answer.code).toBe("invalid-request");
    expect(pointersOf(answer)).toContain("/title");
  });

  test.each([
    ["ASCII", "x".repeat(descriptionBytes)],
    ["three bytes a character", threeBytes.repeat(Math.floor(descriptionBytes / 3))],
    ["four bytes a character", emoji.repeat(descriptionBytes / 4)],
  ])("takes a description of 16 KiB of %s", async (_what, description) => {
    const answer = await writeJson({ title: "Long", description });
    expect(answer.status).toBeLessThan(300);
    expect(answer.json.description).toBe(description);
  });

  test.each([
    ["a byte too long in ASCII", `${"x".repeat(descriptionBytes)}x`],
    ["too long in three bytes a character", threeBytes.repeat(Math.ceil((descriptionBytes + 1) / 3))],
    ["a byte too long in four bytes a character", `${emoji.repeat(descriptionBytes / 4)}x`],
    ["with NUL", "\0"],
    ["with a lone surrogate", "\udfff"],
    ["a number", 0],
    ["false", false],
  ])("refuses a description that is %s", async (_what, description) => {
    const answer = await writeJson({ title: "x", description });
    expect(answer.code).toBe("invalid-request");
    expect(new Set(pointersOf(answer))).toEqual(new Set(["/description"]));
  });

  test.each([["DONE"], ["archived"], [""], [null], [0], [["done"]]])(
    "refuses the status %j",
    async (status) => {
      const answer = await writeJson({ title: "x", status });
      expect(answer.code).toBe("invalid-request");
      expect(pointersOf(answer)).toEqual(["/status"]);
    },
  );

  test("names every bad and every unknown member by its pointer", async () => {
    const answer = await writeJson({ title: "", status: "late", colour: "red", "a/b~c": 1 });
    expect(answer.code).toBe("invalid-request");
    expect(pointersOf(answer).sort()).toEqual(["/a~1b~0c", "/colour", "/status", "/title"]);
  });

  test.each(["id", "userId", "user_id", "version", "completedAt", "createdAt", "updatedAt", "constructor"])(
    "refuses the member %s, which is not the caller's to write",
    async (member) => {
      const answer = await writeJson({ title: "x", [member]: ada.id });
      expect(answer.code).toBe("invalid-request");
      expect(pointersOf(answer)).toEqual([`/${member}`]);
    },
  );

  test("is not led astray by __proto__, whose members count for nothing", async () => {
    const answer = await write('{"title":"Proto","__proto__":{"status":"done","isAdmin":true}}');
    expect([200, 201, 422]).toContain(answer.status);
    if (answer.status === 422) expect(pointersOf(answer)).toEqual(["/__proto__"]);
    else expect(answer.json).toMatchObject({ title: "Proto", status: expect.not.stringMatching("done") });
    const next = await writeJson({ title: "After" });
    expect(next.json).toMatchObject({ title: "After", status: "todo" });
  });

  test.each([["[]"], ['"text"'], ["1"], ["null"], ["true"], ['[{"title":"x"}]']])(
    "refuses the body %s, which is no object",
    async (body) => {
      const answer = await write(body);
      expect(answer.code).toBe("invalid-request");
      expect(pointersOf(answer)).toEqual([""]);
    },
  );
});

test("GET /api/tasks/{id} finds a task by its id in capitals", async () => {
  const answer = await ada.client.get(
    path.replace(/[^/]+$/, (id) => id.toUpperCase()),
    { token: ada.token },
  );
  expect(answer.status).toBe(200);
  expect(`/api/tasks/${answer.json.id}`).toBe(path);
});
