import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { labelLength, labelQuota, labelsPerTask } from "../../../lib/labels/limits.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createTask, pointersOf } from "../tasks/new-task.js";
import { createLabel, insertLabels, labelsOf } from "./new-label.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const post = (labels: unknown, headers = {}) =>
  ada.client.post("/api/tasks", { title: "Task", labels }, { token: ada.token, headers });
const patch = (path: string, json: unknown, headers = {}) =>
  ada.client.patch(path, json, { token: ada.token, headers });
const namesOf = async () => (await labelsOf(ada)).map(({ name }) => name);

describe("the labels of a task", () => {
  test("default to an empty list, and keep the order of the request", async () => {
    expect((await createTask(ada)).task.labels).toEqual([]);
    expect((await post(["b", "a", "c"])).json.labels).toEqual(["b", "a", "c"]);
  });

  test("have the spelling of their first use in the account, in NFC, without duplicates", async () => {
    await post(["Garden"]);
    expect((await post(["GARDEN", "Cafe\u0301", "garden", "CAFÉ"])).json.labels).toEqual(["Garden", "Café"]);
    expect((await post(["café"])).json.labels).toEqual(["Café"]);
    expect(await namesOf()).toEqual(["Café", "Garden"]);
  });

  test("belong to one account: another account has its own spelling", async () => {
    await post(["Garden"]);
    const eve = await seedUser(stack);
    const { task } = await createTask(eve, { labels: ["GARDEN"] });
    expect(task.labels).toEqual(["GARDEN"]);
    expect(await labelsOf(eve)).toMatchObject([{ name: "GARDEN", taskCount: 1 }]);
    expect(await labelsOf(ada)).toMatchObject([{ name: "Garden", taskCount: 1 }]);
  });

  test("are replaced as a whole by PATCH and PUT; without the member, PATCH keeps them and PUT clears them", async () => {
    const { path } = await createTask(ada, { labels: ["One", "Two"] });
    expect((await patch(path, { title: "Changed" })).json.labels).toEqual(["One", "Two"]);
    expect((await patch(path, { labels: ["two", "Three"] })).json.labels).toEqual(["Two", "Three"]);
    const put = (json: object) =>
      ada.client.send("PUT", path, { token: ada.token, json: { title: "Put", ...json } });
    expect((await put({ labels: ["ONE"] })).json.labels).toEqual(["One"]);
    expect((await put({})).json.labels).toEqual([]);
  });

  test("keep the version of the task when only their case differs", async () => {
    const { path } = await createTask(ada, { labels: ["One", "Two"] });
    expect((await patch(path, { labels: ["ONE", "two"] })).headers.get("etag")).toBe('"1"');
  });

  test("survive the trash", async () => {
    const { path, task } = await createTask(ada, { labels: ["One"] });
    await ada.client.delete(path, { token: ada.token });
    const restored = await ada.client.post(`${path}/restore`, undefined, { token: ada.token });
    expect(restored.json.labels).toEqual(task.labels);
  });

  test("are in the history", async () => {
    const { path } = await createTask(ada, { labels: ["One"] });
    await patch(path, { labels: ["Two"] });
    const { json } = await ada.client.get(`${path}/history`, { token: ada.token });
    expect(json.data).toMatchObject([{ changes: { labels: { before: ["One"], after: ["Two"] } } }]);
  });

  test.each([
    ["too many", Array.from({ length: labelsPerTask + 1 }, (_, i) => `Label ${i}`), "/labels"],
    ["too long", ["x".repeat(labelLength + 1)], "/labels/0"],
    ["too long in NFC", ["\u0958".repeat(labelLength)], "/labels/0"],
    ["empty", ["fine", " "], "/labels/1"],
    ["two lines", ["one\ntwo"], "/labels/0"],
    ["not text", [1], "/labels/0"],
    ["null", null, "/labels"],
  ])("are refused when they are %s", async (_, labels, pointer) => {
    const response = await post(labels);
    expect([response.status, ...pointersOf(response)]).toEqual([422, pointer]);
    expect(await namesOf()).toEqual([]);
  });

  test("are not created by a request that changes nothing", async () => {
    const { path } = await createTask(ada);
    expect((await patch(path, { labels: ["New"] }, { "if-match": '"9"' })).code).toBe("precondition-failed");
    const missing = path.replace(/[^/]+$/, "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21");
    expect((await patch(missing, { labels: ["New"] })).code).toBe("not-found");
    expect(await namesOf()).toEqual([]);
  });

  test("are the same in a replay after a rename", async () => {
    await post(["Garden"]);
    const key = { "idempotency-key": "one" };
    const first = await post(["garden", "GARDEN"], key);
    const [label] = await labelsOf(ada);
    await patch(`/api/labels/${label?.id}`, { name: "Yard" });
    const replay = await post(["garden"], key);
    expect([replay.status, replay.text]).toEqual([201, first.text]);
    expect(replay.headers.get("idempotent-replayed")).toBe("true");
    expect(await namesOf()).toEqual(["Yard"]);
    expect((await post(["other"], key)).code).toBe("idempotency-key-reused");
  });
});

describe("the quota of labels", () => {
  // @proof label-quota-exact
  test("admits the last label, and refuses any request that exceeds it without a change", async () => {
    await insertLabels(stack, ada, labelQuota - 1);
    const { path } = await createTask(ada);
    const put = (id: string, labels: string[]) =>
      ada.client.send("PUT", id, { token: ada.token, json: { title: "Put", labels } });
    const free = "/api/tasks/019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b22";
    const two = ["One more", "Too many"];
    const keyed = await post(two, { "idempotency-key": "one" });
    for (const refused of [
      await post(two),
      keyed,
      await patch(path, { labels: two }),
      await put(free, two),
    ]) {
      expect([refused.status, refused.code]).toEqual([422, "quota-exceeded"]);
      expect(refused.json.detail).toContain(`${labelQuota} labels`);
    }
    expect((await ada.client.get(free, { token: ada.token })).status).toBe(404);
    expect((await ada.client.get(path, { token: ada.token })).json).toMatchObject({ labels: [], version: 1 });
    expect((await post(["One more", "label 1"])).json.labels).toEqual(["One more", "Label 1"]);
    expect((await patch(path, { labels: ["LABEL 2"] })).json.labels).toEqual(["Label 2"]);
    expect((await post(["Too many"])).code).toBe("quota-exceeded");
  });
});

describe("GET /api/labels", () => {
  test("sorts labels by name, with the number of their tasks that are not in the trash", async () => {
    await post(["banana", "Apple"]);
    await post(["apple"]);
    const { path } = await createTask(ada, { labels: ["Apple", "cherry"] });
    await ada.client.delete(path, { token: ada.token });
    expect((await labelsOf(ada)).map(({ name, taskCount }) => [name, taskCount])).toEqual([
      ["Apple", 2],
      ["banana", 1],
      ["cherry", 0],
    ]);
  });

  test("is paginated, even after the longest name", async () => {
    const names = ["a", "b", "c", "d"].map((letter) => letter + "語".repeat(labelLength - 1));
    await post(names);
    const seen: string[] = [];
    let next = "/api/labels?limit=1";
    while (next) {
      const { json } = await ada.client.get(next, { token: ada.token });
      seen.push(...json.data.map(({ name }: { name: string }) => name));
      next = json.nextCursor && `/api/labels?limit=1&cursor=${json.nextCursor}`;
    }
    expect(seen).toEqual(names);
  });
});

describe("the label parameter of GET /api/tasks", () => {
  const titles = async (query: string) => {
    const { json } = await ada.client.get(`/api/tasks?${query}`, { token: ada.token });
    return json.data.map(({ title }: { title: string }) => title);
  };

  test("finds the tasks that have all given labels, ignoring case", async () => {
    await createTask(ada, { title: "both", labels: ["Home", "Urgent"] });
    await createTask(ada, { title: "home", labels: ["Home"] });
    await createTask(ada, { title: "neither" });
    expect(await titles("label=HOME")).toEqual(["home", "both"]);
    expect(await titles("label=home&label=urgent&label=HOME")).toEqual(["both"]);
    expect(await titles("label=home&label=unknown")).toEqual([]);
    expect(await titles("label=hom")).toEqual([]);
  });

  test("does not find tasks by another user's label", async () => {
    await createLabel(ada, "Mine");
    const eve = await seedUser(stack);
    await createLabel(eve, "Hers");
    expect(await titles("label=hers")).toEqual([]);
  });

  test("is part of the cursor's filter, regardless of order and case", async () => {
    for (let i = 0; i < 3; i += 1) await createTask(ada, { labels: ["A", "B"] });
    const { json } = await ada.client.get("/api/tasks?label=a&label=b&limit=1", { token: ada.token });
    const next = (query: string) =>
      ada.client.get(`/api/tasks?${query}&cursor=${json.nextCursor}`, { token: ada.token });
    expect((await next("label=B&label=A")).status).toBe(200);
    expect((await next("label=a")).code).toBe("invalid-cursor");
  });

  test.each(["label=", `label=${"x".repeat(labelLength + 1)}`, "label=%00", "label=a&".repeat(21)])(
    "refuses %s",
    async (query) => {
      const { status } = await ada.client.get(`/api/tasks?${query}`, { token: ada.token });
      expect(status).toBe(422);
    },
  );
});
