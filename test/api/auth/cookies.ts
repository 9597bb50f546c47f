import type { ApiResponse, Client } from "../../stack/client.js";
import type { Stack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";

/** The cookie jar as a Cookie header, to replay from another client. */
export const cookieHeader = ({ cookies }: Client): string =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");

export const cookieValue = ({ cookies }: Client): string => [...cookies.values()].join();

/** Refreshes with the given cookie instead of the jar's. The jar keeps the cookie of the response. */
export const refreshWith = (client: Client, cookie: string): Promise<ApiResponse> =>
  client.post("/api/auth/refresh", undefined, { cookie });

export type SetCookie = { name: string; value: string; attributes: Record<string, string | true> };

function parseSetCookie(line: string): SetCookie {
  const [pair = "", ...rest] = line.split("; ");
  const [name = "", value = ""] = pair.split("=", 2);
  const attributes = rest.map((part): [string, string | true] => {
    const [key = "", text] = part.split("=", 2);
    return [key, text ?? true];
  });
  return { name, value, attributes: Object.fromEntries(attributes) };
}

export function exactlyOneCookie({ setCookies }: ApiResponse): SetCookie {
  const [line = "", ...more] = setCookies;
  if (!line || more.length > 0) throw new Error(`expected exactly one cookie: ${JSON.stringify(setCookies)}`);
  return parseSetCookie(line);
}

export const maxAgeOf = (response: ApiResponse): number =>
  Number(exactlyOneCookie(response).attributes["Max-Age"]);

export const clearsCookie = (response: ApiResponse): boolean =>
  exactlyOneCookie(response).value === "" && maxAgeOf(response) === 0;

/** Moves a timestamp of the live sessions into the past, as if that time had gone by. */
export const timeTravel = (
  stack: Stack,
  { id }: Pick<TestUser, "id">,
  column: "rotated_at" | "idle_expires_at" | "expires_at",
  seconds: number,
) =>
  stack.sql(
    `update sessions set ${column} = ${column} - make_interval(secs => $1) where user_id = $2 and ended_at is null`,
    [seconds, id],
  );
