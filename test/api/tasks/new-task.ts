import type { ApiResponse, RequestOptions } from "../../stack/client.js";
import type { TestUser } from "../../stack/users.js";

/** A created task as the API returns it, with its path and ETag. */
export type CreatedTask = { path: string; etag: string; task: ApiResponse["json"] };

export async function createTask(
  person: Pick<TestUser, "client" | "token">,
  body: Record<string, unknown> = {},
  options: RequestOptions = {},
): Promise<CreatedTask> {
  const response = await person.client.post(
    "/api/tasks",
    { title: "Water the plants", ...body },
    { token: person.token, ...options },
  );
  if (response.status !== 201) throw new Error(`create: ${response.status} ${response.text}`);
  return {
    path: String(response.headers.get("location")),
    etag: String(response.headers.get("etag")),
    task: response.json,
  };
}

/** Creates a task at version 2, so that version 1 is a real older one. */
export async function createChangedTask(person: TestUser): Promise<CreatedTask & { id: string }> {
  const { path } = await createTask(person);
  const { headers, json } = await person.client.patch(path, { title: "Second" }, { token: person.token });
  const etag = String(headers.get("etag"));
  if (etag !== '"2"') throw new Error(`the ETag of a changed task is ${etag}`);
  return { path, etag, id: String(json.id), task: json };
}

/** The members that a 422 names. */
export const pointersOf = (response: ApiResponse): (string | undefined)[] =>
  (response.json?.errors ?? []).map((error: { pointer?: string }) => error.pointer);

/** The parameters that a 422 names. */
export const parametersOf = (response: ApiResponse): (string | undefined)[] =>
  (response.json?.errors ?? []).map((error: { parameter?: string }) => error.parameter);
