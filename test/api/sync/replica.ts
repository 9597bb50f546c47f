import type { ApiResponse } from "../../stack/client.js";
import type { TestUser } from "../../stack/users.js";

type Place = { since?: string | undefined; limit?: number };

/** Sends one GET /api/sync. */
export function pull(person: TestUser, { since, limit }: Place = {}): Promise<ApiResponse> {
  const query = new URLSearchParams({
    ...(since === undefined ? {} : { since }),
    ...(limit === undefined ? {} : { limit: String(limit) }),
  });
  return person.client.get(`/api/sync?${query}`, { token: person.token });
}

type Rows = Record<"tasks" | "projects" | "labels", Map<string, unknown>>;

/** The state of a client that follows the protocol: its rows by id, and its token. */
export type Replica = Rows & { since: string | undefined };

const noRows = (): Rows => ({ tasks: new Map(), projects: new Map(), labels: new Map() });

export const emptyReplica = (): Replica => ({ ...noRows(), since: undefined });

const kinds = { task: "tasks", project: "projects", label: "labels" } as const;
const rowsOf = (replica: Rows, { type }: { type: keyof typeof kinds }) => replica[kinds[type]];

/** Applies one page, or drops everything if the token is too old. @returns whether there are more changes */
export async function pullPage(person: TestUser, replica: Replica, limit?: number): Promise<boolean> {
  const { status, code, json } = await pull(person, { since: replica.since, ...(limit && { limit }) });
  if (code === "full-resync-required") {
    Object.assign(replica, emptyReplica());
    return true;
  }
  if (status !== 200) throw new Error(`sync: ${status} ${code}`);
  for (const change of json.changes) rowsOf(replica, change).set(change[change.type].id, change[change.type]);
  for (const tombstone of json.tombstones) rowsOf(replica, tombstone).delete(tombstone.id);
  replica.since = json.next;
  return json.hasMore;
}

/** Synchronizes until there are no more changes. */
export async function catchUp(person: TestUser, replica = emptyReplica(), limit?: number): Promise<Replica> {
  while (await pullPage(person, replica, limit));
  return replica;
}

/** The token of a client that is up to date. */
export async function currentToken(person: TestUser): Promise<string> {
  const { since } = await catchUp(person);
  if (since === undefined) throw new Error("no token");
  return since;
}

async function listed(person: TestUser, path: string): Promise<Map<string, object>> {
  const rows = new Map<string, object>();
  let query: string | null = "?limit=200";
  while (query) {
    const { json } = await person.client.get(`${path}${query}`, { token: person.token });
    for (const row of json.data) rows.set(row.id, row);
    query = json.nextCursor && `?limit=200&cursor=${json.nextCursor}`;
  }
  return rows;
}

/** The listed tasks, by id. */
export const listedTasks = (person: TestUser): Promise<Map<string, unknown>> => listed(person, "/api/tasks");

/** Everything that a client synchronizes, as the lists return it. */
export async function listedRows(person: TestUser): Promise<Rows> {
  const labels = await listed(person, "/api/labels");
  return {
    tasks: await listedTasks(person),
    projects: await listed(person, "/api/projects"),
    labels: new Map([...labels].map(([id, label]) => [id, withoutCount(label)])),
  };
}

/** The list of labels counts tasks. Synchronization does not. */
const withoutCount = (label: object) =>
  Object.fromEntries(Object.entries(label).filter(([name]) => name !== "taskCount"));
