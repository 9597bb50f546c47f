import type { Session } from "./accounts.js";

export type CookieJar = {
  /** The session cookie of an operation, as `name=value`. */
  cookie(operationId: string): Promise<string | undefined>;
  store(operationId: string, setCookies: string[]): void;
};

/** Gives each operation a session, so that a rotation or a sign-out cannot disturb another operation. */
export function createCookieJar(signIn: () => Promise<Session | undefined>): CookieJar {
  const cookies = new Map<string, string>();
  return {
    async cookie(operationId) {
      const cookie = cookies.get(operationId) ?? (await signIn())?.cookie;
      if (cookie) cookies.set(operationId, cookie);
      return cookie;
    },
    store(operationId, setCookies) {
      for (const line of setCookies) {
        if (/;\s*max-age=0(;|$)/i.test(line)) cookies.delete(operationId);
        else cookies.set(operationId, line.split(";")[0] ?? "");
      }
    },
  };
}
