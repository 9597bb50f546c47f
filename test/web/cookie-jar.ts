import { parse, serialize } from "hono/utils/cookie";

/** The cookies that several tabs of one browser share, and the `fetch` that keeps them. */
export type CookieJar = {
  cookies: Map<string, string>;
  /** Method and path of each request, oldest first. */
  sent: string[];
  /** May change each request. A response that it returns replaces the one from the network. */
  intercept: ((request: Request) => Response | undefined | Promise<Response | undefined>) | undefined;
  /** Runs before a response from the network arrives. */
  delay: ((request: Request) => void | Promise<void>) | undefined;
  fetch(request: Request): Promise<Response>;
};

export function createCookieJar(): CookieJar {
  const jar: CookieJar = {
    cookies: new Map(),
    sent: [],
    intercept: undefined,
    delay: undefined,
    fetch(request) {
      jar.sent.push(`${request.method} ${new URL(request.url).pathname}`);
      const pairs = [...jar.cookies].map(([name, value]) => serialize(name, value));
      if (pairs.length > 0) request.headers.set("cookie", pairs.join("; "));
      return Promise.race([send(request), abortOf(request)]);
    },
  };

  async function send(request: Request): Promise<Response> {
    const intercepted = await jar.intercept?.(request);
    if (intercepted) return intercepted;
    const response = await fetch(request);
    await jar.delay?.(request);
    // Like a browser, ignores the late response to an aborted request.
    request.signal.throwIfAborted();
    storeCookies(jar.cookies, response);
    return response;
  }
  return jar;
}

const abortOf = ({ signal }: Request) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });

/** Stores the cookies of a response as a browser does. */
export function storeCookies(cookies: Map<string, string>, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const [pair = ""] = line.split(";", 1);
    for (const [name, value] of Object.entries(parse(pair))) {
      if (/;\s*max-age=0\b/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
  }
}
