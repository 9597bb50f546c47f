import type { Answer, RequestOptions } from "../../stack/client.js";
import type { Person } from "../../stack/people.js";

/** A task as the API gives it, with where it is and the validator of its version. */
export type Created = { path: string; etag: string; task: Answer["json"] };

export async function createTask(
  person: Person,
  body: Record<string, unknown> = {},
  options: RequestOptions = {},
): Promise<Created> {
  const answer = await person.client.post(
    "/api/tasks",
    { title: "Water the plants", ...body },
    { token: person.token, ...options },
  );
  if (answer.status !== 201) throw new Error(`create: ${answer.status} ${answer.text}`);
  return {
    path: String(answer.headers.get("location")),
    etag: String(answer.headers.get("etag")),
    task: answer.json,
  };
}

/** The bad parts that a 422 names. */
export const pointersOf = (answer: Answer): (string | undefined)[] =>
  (answer.json?.errors ?? []).map((error: { pointer?: string }) => error.pointer);

export const parametersOf = (answer: Answer): (string | undefined)[] =>
  (answer.json?.errors ?? []).map((error: { parameter?: string }) => error.parameter);
