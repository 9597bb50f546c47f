import type { ApiResponse } from "../../stack/client.js";
import type { Stack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";

/** A created project as the API returns it, with its path and ETag. */
export type CreatedProject = { path: string; etag: string; id: string; project: ApiResponse["json"] };

export async function createProject(
  { client, token }: Pick<TestUser, "client" | "token">,
  name = "Garden",
): Promise<CreatedProject> {
  const { status, text, json, headers } = await client.post("/api/projects", { name }, { token });
  if (status !== 201) throw new Error(`create: ${status} ${text}`);
  return {
    path: String(headers.get("location")),
    etag: String(headers.get("etag")),
    id: json.id,
    project: json,
  };
}

/** The names of the projects, in order. */
export async function projectNames({ client, token }: TestUser, query = ""): Promise<string[]> {
  const { json } = await client.get(`/api/projects${query}`, { token });
  return json.data.map(({ name }: { name: string }) => name);
}

/** Inserts projects directly, because creating hundreds of them takes long. */
export async function insertProjects({ sql }: Stack, { id }: TestUser, count: number): Promise<void> {
  await sql(
    `insert into projects (id, user_id, name, position)
     select uuidv7(), $1, 'Project ' || n, position_at(n) from generate_series(1, $2::int) as n`,
    [id, count],
  );
}
