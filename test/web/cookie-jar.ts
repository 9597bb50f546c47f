import { parse, serialize } from "hono/utils/cookie";

/** What several tabs of one browser share: a `fetch` that keeps cookies, and a count of what was asked. */
export type CookieJar = {
  cookies: Map<string, string>;
  /** Method and path of each request, the oldest first. */
  sent: string[];
  /** Changes each request on its way; an answer of its own keeps it from the network. */
  meddle: ((request: Request) => Response | undefined | Promise<Response | undefined>) | undefined;
  fetch(request: Request): Promise<Response>;
};

export function createCookieJar(): CookieJar {
  const jar: CookieJar = {
    cookies: new Map(),
    sent: [],
    meddle: undefined,
    async fetch(request) {
      jar.sent.push(`${request.method} ${new URL(request.url).pathname}`);
      const pairs = [...jar.cookies].map(([name, value]) => serialize(name, value));
      if (pairs.length > 0) request.headers.set("cookie", pairs.join("; "));
      const meddled = await jar.meddle?.(request);
      if (meddled) return meddled;
      const response = await fetch(request);
      for (const line of response.headers.getSetCookie()) keep(jar.cookies, line);
      return response;
    },
  };
  return jar;
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = ""] = line.split(";", 1);
  for (const [name, value] of Object.entries(parse(pair))) {
    if (/;\s*max-age=0\b/i.test(line)) cookies.delete(name);
    else cookies.set(name, value);
  }
}
