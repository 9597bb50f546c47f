import { randomUUID } from "node:crypto";
import { uuidv7 } from "uuidv7";
import type { Client } from "../../stack/client.js";
import type { Canaries } from "./canaries.js";

/** Sends a batch that is applied, one that is refused, and one that is malformed. */
async function sendBatch({ canary, send }: Canaries, client: Client, token: string) {
  const id = uuidv7();
  const headers = { "idempotency-key": canary("idempotency-key") };
  const task = { title: canary("title in a batch"), labels: [canary("label")] };
  for (const operation of [
    { op: "create", id, task },
    { op: "update", id, version: 9, task: { title: canary("refused title") } },
    { op: canary("operation"), id: canary("task id in a batch") },
  ]) {
    const json = { operations: [operation] };
    await send(client, "POST", "/api/tasks/batch", { json, headers, token });
  }
}

/** Writes and reads tasks and projects, with valid and invalid values. */
export async function useTasks(canaries: Canaries, client: Client, token: string) {
  const { canary, send } = canaries;
  const json = { title: canary("title"), description: canary("description") };
  const headers = { "idempotency-key": canary("idempotency-key") };
  const created = await send(client, "POST", "/api/tasks", { json, headers, token });
  const path = `/api/tasks/${created.json?.id ?? randomUUID()}`;
  await send(client, "POST", "/api/tasks", { json: { title: canary("other title") }, headers, token });
  await send(client, "GET", path, { token, headers: { "if-none-match": canary("if-none-match") } });
  await send(client, "PATCH", path, { token, json: { description: canary("new description") } });
  await send(client, "PATCH", "/api/auth/me", { token, json: { name: canary("new name") } });
  await send(client, "DELETE", path, { token });
  await sendBatch(canaries, client, token);
  await send(client, "GET", `/api/tasks?cursor=${canary("cursor")}`, { token });
  await send(client, "GET", `/api/tasks?status=${canary("status")}&unknown=${canary("parameter")}`, {
    token,
  });
  await send(client, "GET", `/api/tasks/${canary("task id")}`, { token });
  const project = await send(client, "POST", "/api/projects", {
    json: { name: canary("project") },
    headers,
    token,
  });
  const projectPath = `/api/projects/${project.json?.id ?? randomUUID()}`;
  await send(client, "PATCH", projectPath, { token, json: { name: canary("new project") } });
  await send(client, "POST", `${projectPath}/move`, { token, json: { after: canary("neighbour") } });
  await send(client, "DELETE", `${projectPath}?tasks=${canary("tasks")}`, { token });
  await send(client, "GET", `/api/tasks?project=${canary("project id")}&parent=${canary("parent id")}`, {
    token,
  });
}

/** Imports files that are valid, partly refused, and unreadable, and exports the tasks. */
export async function useFiles({ canary, send }: Canaries, client: Client, token: string) {
  const headers = { "idempotency-key": canary("idempotency-key") };
  const head = "title,status,labels,project";
  const files = {
    csv: `${head}\n${canary("title in a file")},,${canary("label in a file")},${canary("project in a file")}\nx,${canary("status in a file")}`,
    todoist: `TYPE,CONTENT,DATE\ntask,${canary("content of Todoist")},${canary("date of Todoist")}`,
    json: `{"tasks": [{"title": "x", "id": "${canary("id in a file")}"}], "projects": [{"${canary("member")}": 1}]}`,
    ics: `${canary("text before a calendar")}\nBEGIN:VTODO`,
  };
  for (const [format, content] of Object.entries(files))
    await send(client, "POST", "/api/tasks/import", { json: { format, content }, headers, token });
  const unclosed = `${head}\n"${canary("quoted cell")}`;
  await send(client, "POST", "/api/tasks/import", { json: { format: "csv", content: unclosed }, token });
  for (const format of ["json", "csv", "ics"])
    await send(client, "GET", `/api/tasks/export?format=${format}`, { token });
  await send(client, "GET", `/api/tasks/export?format=${canary("format")}`, { token });
}

/** Creates, reads and revokes a calendar feed. */
export async function useFeed({ canary, send }: Canaries, client: Client, token: string) {
  const { status, json } = await send(client, "POST", "/api/feed", { token });
  const file = status === 201 ? String(json.url).split("/").at(-1) : undefined;
  const secret = canary("feed", file?.replace(".ics", "") ?? "A".repeat(86));
  await send(client, "GET", `/api/feed/${secret}.ics`);
  await send(client, "GET", `/api/feed/${canary("forged feed", secret.replace(/^.{4}/, "AAAA"))}.ics`);
  await send(client, "DELETE", "/api/feed", { token });
  await send(client, "GET", `/api/feed/${secret}.ics`);
}
