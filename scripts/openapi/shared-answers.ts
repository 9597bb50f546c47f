import type { Document } from "./document.js";

type Code = { enum?: string[] };
type Answer = {
  description: string;
  content?: Record<string, { schema?: { allOf?: { properties?: { code?: Code } }[] } }>;
};
type Answers = Record<string, Answer | { $ref: string }>;
type Shared = Map<string, { name: string; answer: Answer }>;

/** Turns problems that several operations answer alike into components, in place; returns them by name. */
export function shareAnswers(paths: NonNullable<Document["paths"]>): Record<string, Answer> {
  const operations: { responses: Answers }[] = Object.values(paths).flatMap((item) => Object.values(item));
  const uses = new Map<string, number>();
  for (const text of operations.flatMap(({ responses }) => Object.values(responses).map(textOf))) {
    uses.set(text, (uses.get(text) ?? 0) + 1);
  }

  const shared: Shared = new Map();
  for (const { responses } of operations) {
    for (const [status, answer] of Object.entries(responses)) {
      if ("$ref" in answer) continue;
      const text = textOf(answer);
      const codes = codesOf(answer);
      if (codes.length === 0 || uses.get(text) === 1) continue;
      const { name } = shared.get(text) ?? { name: freeName(codes.join("-or-"), shared) };
      shared.set(text, { name, answer });
      responses[status] = { $ref: `#/components/responses/${name}` };
    }
  }
  const byName = [...shared.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(byName.map(({ name, answer }) => [name, answer]));
}

const textOf = (answer: unknown) => JSON.stringify(answer);

const codesOf = (answer: Answer): string[] =>
  Object.values(answer.content ?? {}).flatMap(
    ({ schema }) => schema?.allOf?.flatMap(({ properties }) => properties?.code?.enum ?? []) ?? [],
  );

/** Answers of the same codes differ in their headers, so a name may need a number. */
function freeName(wanted: string, shared: Shared): string {
  const taken = new Set([...shared.values()].map(({ name }) => name));
  let name = wanted;
  for (let count = 2; taken.has(name); count++) name = `${wanted}-${count}`;
  return name;
}
