import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTask as createTaskContract } from "../../../lib/tasks/contract/tasks.js";
import { descriptionBytes, titleLength } from "../../../lib/tasks/limits.js";
import { task } from "../../../lib/tasks/shapes.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { createTask, pointersOf } from "./new-task.js";

let stack: Stack;
let ada: TestUser;
let path: string;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
  ({ path } = await createTask(ada));
});
afterAll(() => stack.stop());

/** Both operations accept the same members, so the same tests apply. */
const operations = [
  ["POST /api/tasks", (body: string) => send("POST", "/api/tasks", body)],
  ["PATCH /api/tasks/{id}", (body: string) => send("PATCH", path, body)],
] as const;
const headers = { "content-type": "application/json" };
const send = (method: string, to: string, body: string) =>
  ada.client.send(method, to, { token: ada.token, body, headers });

/** Members of a task that no request may set. */
const readOnlyMembers = Object.keys(task.shape).filter((name) => !(name in createTaskContract.body.shape));

const longest = "x".repeat(titleLength);
const emoji = "🪴";
const threeBytes = "語";

describe.each(operations)("%s", (_, write) => {
  const writeJson = (body: unknown) => write(JSON.stringify(body));

  test.each([
    ["one character", "x", "x"],
    ["the maximum length", longest, longest],
    ["the maximum length within whitespace, which is trimmed", ` \t${longest}\n `, longest],
    [
      "the maximum length outside the Basic Multilingual Plane",
      emoji.repeat(titleLength),
      emoji.repeat(titleLength),
    ],
    ["right-to-left text and marks", "שָׁלוֹם", "שָׁלוֹם"],
    ["a character newer than the runtime's Unicode", "\u{3ff00}", "\u{3ff00}"],
    ["SQL", "'; drop table tasks; --", "'; drop table tasks; --"],
    ["markup", "<b>&amp;</b>", "<b>&amp;</b>"],
    ["backslashes and percent signs", "\\ %00 \\u0000", "\\ %00 \\u0000"],
  ])("accepts a title: %s", async (_case, title, stored) => {
    const response = await writeJson({ title });
    expect(response.status).toBeLessThan(300);
    expect(response.json.title).toBe(stored);
    const location = response.headers.get("location") ?? path;
    expect((await ada.client.get(location, { token: ada.token })).json.title).toBe(stored);
  });

  test.each([
    ["empty", ""],
    ["only whitespace", " \t\n\u00a0\u2003 "],
    ["only invisible characters", "\u200b\u2060\u00ad"],
    ["one character too long", `${longest}x`],
    ["one character too long outside the Basic Multilingual Plane", emoji.repeat(titleLength + 1)],
    ["two lines", "a\nb"],
    ["two lines with a line separator", "a\u2028b"],
    ["with a control character", "a\u0007b"],
    ["with NUL", "a\0b"],
    ["with a lone surrogate", "a\ud800b"],
    ["with surrogates in the wrong order", "\udc00\ud800"],
    ["null", null],
    ["a number", 1],
    ["an array", ["x"]],
    ["an object", { toString: "x" }],
  ])("rejects a title: %s", async (_case, title) => {
    const response = await writeJson({ title });
    expect(response.code).toBe("invalid-request");
    expect(pointersOf(response)).toContain("/title");
  });

  test.each([
    ["ASCII", "x".repeat(descriptionBytes)],
    ["three-byte characters", threeBytes.repeat(Math.floor(descriptionBytes / 3))],
    ["four-byte characters", emoji.repeat(descriptionBytes / 4)],
  ])("accepts a description of 16 KiB of %s", async (_case, description) => {
    const response = await writeJson({ title: "Long", description });
    expect(response.status).toBeLessThan(300);
    expect(response.json.description).toBe(description);
  });

  test.each([
    ["one byte too long in ASCII", `${"x".repeat(descriptionBytes)}x`],
    ["too long in three-byte characters", threeBytes.repeat(Math.ceil((descriptionBytes + 1) / 3))],
    ["one byte too long after four-byte characters", `${emoji.repeat(descriptionBytes / 4)}x`],
    ["with NUL", "\0"],
    ["with a lone surrogate", "\udfff"],
    ["a number", 0],
    ["false", false],
  ])("rejects a description: %s", async (_case, description) => {
    const response = await writeJson({ title: "x", description });
    expect(response.code).toBe("invalid-request");
    expect(new Set(pointersOf(response))).toEqual(new Set(["/description"]));
  });

  test.each([["DONE"], ["archived"], [""], [null], [0], [["done"]]])(
    "rejects the status %j",
    async (status) => {
      const response = await writeJson({ title: "x", status });
      expect(response.code).toBe("invalid-request");
      expect(pointersOf(response)).toEqual(["/status"]);
    },
  );

  // @proof invalid-members-named
  test("names every invalid and every unknown member by its pointer", async () => {
    const response = await writeJson({ title: "", status: "late", colour: "red", "a/b~c": 1 });
    expect(response.code).toBe("invalid-request");
    expect(pointersOf(response).sort()).toEqual(["/a~1b~0c", "/colour", "/status", "/title"]);
  });

  test.each([...readOnlyMembers, "userId", "user_id", "constructor"])(
    "rejects the read-only or unknown member %s",
    async (member) => {
      const response = await writeJson({ title: "x", [member]: ada.id });
      expect(response.code).toBe("invalid-request");
      expect(pointersOf(response)).toEqual([`/${member}`]);
    },
  );

  test("ignores or rejects __proto__ and its members", async () => {
    const response = await write('{"title":"Proto","__proto__":{"status":"done","isAdmin":true}}');
    expect([200, 201, 422]).toContain(response.status);
    if (response.status === 422) expect(pointersOf(response)).toEqual(["/__proto__"]);
    else expect(response.json).toMatchObject({ title: "Proto", status: expect.not.stringMatching("done") });
    const next = await writeJson({ title: "After" });
    expect(next.json).toMatchObject({ title: "After", status: "todo" });
  });

  test.each([["[]"], ['"text"'], ["1"], ["null"], ["true"], ['[{"title":"x"}]']])(
    "rejects the non-object body %s",
    async (body) => {
      const response = await write(body);
      expect(response.code).toBe("invalid-request");
      expect(pointersOf(response)).toEqual([""]);
    },
  );
});

test("GET /api/tasks/{id} accepts the id in upper case", async () => {
  const response = await ada.client.get(
    path.replace(/[^/]+$/, (id) => id.toUpperCase()),
    { token: ada.token },
  );
  expect(response.status).toBe(200);
  expect(`/api/tasks/${response.json.id}`).toBe(path);
});
