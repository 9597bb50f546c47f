import type { sessionCookie } from "../../../lib/auth/session-cookie.js";
import type { Answer, Client } from "../../stack/client.js";
import type { Person } from "../../stack/people.js";
import type { Stack } from "../../stack/stack.js";

type CookieEnv = Parameters<typeof sessionCookie.name>[0];

/** What decides about the cookie of a stack. */
export const cookieEnv = ({ env }: Pick<Stack, "env">): CookieEnv => ({
  APP_URL: String(env["APP_URL"]),
  COOKIE_SAMESITE: env["COOKIE_SAMESITE"] as CookieEnv["COOKIE_SAMESITE"],
});

/** The jar as a header, to be sent from elsewhere. */
export const cookieHeader = ({ cookies }: Client): string =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");

export const cookieValue = ({ cookies }: Client): string => [...cookies.values()].join();

/** Refreshes with a cookie that is not the jar's; the answer's goes into the jar. */
export const refreshWith = (client: Client, cookie: string): Promise<Answer> =>
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

/** The one cookie of an answer. */
export function onlyCookie({ setCookies }: Answer): SetCookie {
  const [line = "", ...more] = setCookies;
  if (!line || more.length > 0) throw new Error(`not one cookie: ${JSON.stringify(setCookies)}`);
  return parseSetCookie(line);
}

export const maxAgeOf = (answer: Answer): number => Number(onlyCookie(answer).attributes["Max-Age"]);

export const removesCookie = (answer: Answer): boolean =>
  onlyCookie(answer).value === "" && maxAgeOf(answer) === 0;

/** Lets so many seconds of a session pass. */
export const timeTravel = (
  stack: Stack,
  { id }: Pick<Person, "id">,
  column: "rotated_at" | "idle_expires_at" | "expires_at",
  seconds: number,
) =>
  stack.sql(
    `update sessions set ${column} = ${column} - make_interval(secs => $1) where user_id = $2 and ended_at is null`,
    [seconds, id],
  );
