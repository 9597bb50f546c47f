import type { Document } from "./document.js";

type Code = { enum?: string[] };
type ProblemSchema = { allOf?: { properties?: { code?: Code } }[] };
type Response = {
  description: string;
  headers?: Record<string, { description?: string }>;
  content?: Record<string, { schema?: ProblemSchema; examples?: Record<string, { summary?: string }> }>;
};
type Responses = Record<string, Response | { $ref: string }>;

/**
 * Moves problem responses that several operations share into components, in place, and returns them by name. A name
 * contains everything that distinguishes its response, so it does not depend on the order of operations.
 */
export function shareResponses(paths: NonNullable<Document["paths"]>): Record<string, Response> {
  const operations: { responses: Responses }[] = Object.values(paths).flatMap((item) => Object.values(item));
  const uses = new Map<string, number>();
  for (const text of operations.flatMap(({ responses }) => Object.values(responses).map(textOf))) {
    uses.set(text, (uses.get(text) ?? 0) + 1);
  }

  const shared = new Map<string, Response>();
  for (const { responses } of operations) {
    for (const [status, response] of Object.entries(responses)) {
      if ("$ref" in response || codesOf(response).length === 0 || uses.get(textOf(response)) === 1) continue;
      const name = nameOf(response);
      const known = shared.get(name);
      if (known && textOf(known) !== textOf(response))
        throw new Error(`Two different responses are named ${name}: let nameOf tell them apart.`);
      shared.set(name, response);
      responses[status] = { $ref: `#/components/responses/${name}` };
    }
  }
  return Object.fromEntries([...shared].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const textOf = (response: unknown) => JSON.stringify(response);

const contentsOf = (response: Response) => Object.values(response.content ?? {});

const codesOf = (response: Response): string[] =>
  contentsOf(response).flatMap(
    ({ schema }) => schema?.allOf?.flatMap(({ properties }) => properties?.code?.enum ?? []) ?? [],
  );

/** The codes, then what varies besides them: the suffixes of the examples, and headers that few responses have. */
function nameOf(response: Response): string {
  const kinds = contentsOf(response).flatMap(({ examples = {} }) =>
    Object.keys(examples).flatMap((name) => name.split(".")[1] ?? []),
  );
  const headers = Object.keys(response.headers ?? {}).filter((name) =>
    ["Accept-Patch", "Set-Cookie"].includes(name),
  );
  return [codesOf(response).join("-or-"), ...kinds, ...headers].join(".").toLowerCase();
}
