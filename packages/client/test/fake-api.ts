import { onTestFinished } from "vitest";
import { unlessAborted } from "../src/abort.js";
import { createLatchkey, type Latchkey } from "../src/index.js";

type Respond = (request: Request) => Response | Promise<Response>;

/** Stands in for the API: signs in every user, and leaves all other requests to `respond`. */
export type FakeApi = {
  /** Every request, oldest first, including retries and sign-ins. */
  requests: Request[];
  respond: Respond;
  fetch(request: Request): Promise<Response>;
};

export function createFakeApi(): FakeApi {
  const api: FakeApi = {
    requests: [],
    respond: () => Response.json({}),
    fetch(request) {
      api.requests.push(request);
      return unlessAborted(respondTo(request), request.signal);
    },
  };
  const respondTo = async (request: Request) =>
    request.url.endsWith("/api/auth/login") ? Response.json(loginResponse()) : api.respond(request);
  return api;
}

export const pathsOf = ({ requests }: FakeApi) => requests.map(({ url }) => new URL(url).pathname);

export const loginResponse = () => ({
  accessToken: accessTokenOf("ada"),
  expiresIn: 900,
  user: { id: "ada" },
});

/** Unsigned: the client reads only the subject. */
const accessTokenOf = (userId: string) => `header.${btoa(JSON.stringify({ sub: userId }))}.signature`;

export function openTab(api: FakeApi, onWait: (seconds: number) => void = () => {}): Latchkey {
  const latchkey = createLatchkey({ baseUrl: "http://api.test", fetch: api.fetch, onWait });
  onTestFinished(latchkey.close);
  return latchkey;
}

export const credentials = { email: "ada@example.com", password: "correct horse battery staple" };

export async function openSignedInTab(api: FakeApi): Promise<Latchkey> {
  const latchkey = openTab(api);
  await latchkey.signIn(credentials);
  api.requests.length = 0;
  return latchkey;
}
