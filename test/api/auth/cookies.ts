import type { ApiResponse, Client } from "../../stack/client.js";
import type { Stack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";

const isDeviceCookie = (name: string) => name.endsWith("-device");

const sessionCookiesOf = ({ cookies }: Pick<Client, "cookies">) =>
  [...cookies].filter(([name]) => !isDeviceCookie(name));

/** The session cookie of the jar as a Cookie header, to replay from another client. */
export const cookieHeader = (client: Client): string =>
  sessionCookiesOf(client)
    .map(([name, value]) => `${name}=${value}`)
    .join("; ");

export const cookieValue = (client: Client): string =>
  sessionCookiesOf(client)
    .map(([, value]) => value)
    .join();

/** Whether the browser still has a session cookie. */
export const hasSessionCookie = (client: Pick<Client, "cookies">): boolean =>
  sessionCookiesOf(client).length > 0;

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

/** The session cookie of a response. A sign-in sets the device cookie too. */
export function exactlyOneCookie({ setCookies }: ApiResponse): SetCookie {
  const cookies = setCookies.map(parseSetCookie).filter(({ name }) => !isDeviceCookie(name));
  const [cookie, ...more] = cookies;
  if (!cookie || more.length > 0)
    throw new Error(`expected one session cookie: ${JSON.stringify(setCookies)}`);
  return cookie;
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
