import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { catchUp, emptyReplica, listedTasks, pull } from "../api/sync/replica.js";
import { createTask } from "../api/tasks/new-task.js";
import { seedTask, seedUser } from "../stack/seed.js";
import { startStackForTest } from "../stack/stack.js";
import { emptyDatabase } from "./engines.js";
import { migrateEmptyStack, migrateStack } from "./migrate-stack.js";
import { copyFirstMigrations, projectMigrations } from "./migration-folder.js";

/** The migration that adds the trash and sequence numbers. */
const firstOfRelease = "0024_task_trash_and_sync";

test("GET /api/sync returns tasks from before the migration in pages, and then their changes", async () => {
  const { entries } = JSON.parse(await readFile(join(projectMigrations, "meta/_journal.json"), "utf8"));
  const released = entries.findIndex(({ tag }: { tag: string }) => tag === firstOfRelease);
  expect(released).toBeGreaterThan(0);
  const stack = await startStackForTest();
  await emptyDatabase(stack);
  await migrateEmptyStack(stack, await copyFirstMigrations(released));
  const [ada, eve] = [await seedUser(stack), await seedUser(stack)];
  const ids: string[] = [];
  for (let i = 0; i < 3; i += 1) ids.push(await seedTask(stack, ada.id));
  await migrateStack(stack, projectMigrations);

  const heads = await stack.sql("select user_id as id, seq::int from sync_heads");
  expect(heads).toEqual([{ id: ada.id, seq: 0 }]);
  const replica = await catchUp(ada, emptyReplica(), 1);
  expect(replica.tasks).toEqual(await listedTasks(ada));
  expect([...replica.tasks.keys()].sort()).toEqual([...ids].sort());

  const [changed = "", deleted = ""] = ids;
  await ada.client.patch(`/api/tasks/${changed}`, { title: "Changed" }, { token: ada.token });
  await ada.client.delete(`/api/tasks/${deleted}`, { token: ada.token });
  const { json } = await pull(ada, { since: replica.since });
  expect(json).toMatchObject({
    changes: [{ task: { id: changed, title: "Changed", version: 2 } }],
    tombstones: [{ id: deleted }],
    hasMore: false,
  });
  const { task } = await createTask(eve);
  expect((await pull(eve)).json.changes).toEqual([{ type: "task", task }]);
});
