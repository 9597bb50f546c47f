import type { TestUser } from "../../stack/users.js";

/** The URL of a feed, and the path of that URL. */
export type CreatedFeed = { url: string; path: string };

export async function createFeed({
  client,
  token,
}: Pick<TestUser, "client" | "token">): Promise<CreatedFeed> {
  const { status, text, json } = await client.post("/api/feed", undefined, { token });
  if (status !== 201) throw new Error(`create: ${status} ${text}`);
  return { url: json.url, path: new URL(json.url).pathname };
}
