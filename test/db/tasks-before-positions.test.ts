import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { move, orderOf } from "../api/tasks/moves.js";
import { createTask } from "../api/tasks/new-task.js";
import { seedUser } from "../stack/seed.js";
import { startStackForTest } from "../stack/stack.js";
import { emptyDatabase } from "./engines.js";
import { migrateEmptyStack, migrateStack } from "./migrate-stack.js";
import { copyFirstMigrations, projectMigrations } from "./migration-folder.js";

/** The migration that adds positions. */
const firstOfRelease = "0030_task_positions";

test("tasks from before the migration are in order of creation, including those restored later", async () => {
  const { entries } = JSON.parse(await readFile(join(projectMigrations, "meta/_journal.json"), "utf8"));
  const released = entries.findIndex(({ tag }: { tag: string }) => tag === firstOfRelease);
  expect(released).toBeGreaterThan(0);
  const stack = await startStackForTest();
  await emptyDatabase(stack);
  await migrateEmptyStack(stack, await copyFirstMigrations(released));
  const [ada, eve] = [await seedUser(stack), await seedUser(stack)];
  const idOf = (letter: string) => `019aaf3e-7c5b-7d7a-9a53-0000000000${letter.charCodeAt(0)}`;
  // In an order other than that of creation, alternating between two users.
  for (const [place, letter] of [..."DAFBEC"].entries()) {
    const table = letter === "B" || letter === "E" ? "trashed_tasks" : "tasks";
    const [column, value] = table === "tasks" ? ["seq", "0"] : ["deleted_at", "now()"];
    await stack.sql(
      `insert into ${table} (id, user_id, title, status, ${column}) values ($1, $2, $3, 'todo', ${value})`,
      [idOf(letter), ada.id, letter],
    );
    await stack.sql(
      "insert into tasks (id, user_id, title, status) values (gen_random_uuid(), $1, $2, 'todo')",
      [eve.id, String(place)],
    );
  }
  await migrateStack(stack, projectMigrations);

  expect(await orderOf(ada)).toBe("ACDF");
  const restore = (letter: string) =>
    ada.client.post(`/api/tasks/${idOf(letter)}/restore`, undefined, { token: ada.token });
  for (const letter of "EB") expect((await restore(letter)).json.version).toBe(2);
  expect(await orderOf(ada)).toBe("ABCDEF");
  await createTask(ada, { title: "G" });
  await move(ada, { path: `/api/tasks/${idOf("A")}` }, { after: idOf("E") });
  expect(await orderOf(ada)).toBe("BCDEAFG");
  const [{ count } = {}] = await stack.sql(
    "select count(distinct position)::int from tasks where user_id = $1",
    [eve.id],
  );
  expect(count).toBe(6);
});
