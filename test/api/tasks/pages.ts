import type { TestUser } from "../../stack/users.js";

type ListedTask = { id: string; title: string; status: string };

export type Query = Record<string, string>;

/** One page of the list. */
export async function page(person: TestUser, query: Query = {}) {
  const response = await person.client.get(`/api/tasks?${new URLSearchParams(query)}`, {
    token: person.token,
  });
  return {
    response,
    data: response.json.data as ListedTask[],
    nextCursor: response.json.nextCursor as string | null,
  };
}

/** Reads every page. Runs `between` after each. */
export async function allPages(person: TestUser, query: Query, between = async () => {}) {
  const pages: ListedTask[][] = [];
  let cursor: string | null = null;
  do {
    const next = await page(person, cursor ? { ...query, cursor } : query);
    pages.push(next.data);
    cursor = next.nextCursor;
    await between();
  } while (cursor);
  return pages;
}

/** The titles of a list, in its order. */
export const titlesOf = async (person: TestUser, query: Query): Promise<string[]> =>
  (await allPages(person, query)).flat().map(({ title }) => title);
