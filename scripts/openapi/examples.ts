import * as z from "zod";
import { patchUser } from "../../lib/admin/contract.js";
import type { Operation } from "../../lib/contract.js";
import { createTask, patchTask } from "../../lib/tasks/contract.js";

/** Bodies that show more than the members' own examples put together. */
const bodies: { [operationId: string]: Record<string, unknown> } = {
  [createTask.id]: {
    "Only a title": { title: "Water the plants" } satisfies z.input<typeof createTask.body>,
  },
  [patchTask.id]: {
    "Mark as done": { status: "done" } satisfies z.input<typeof patchTask.body>,
    "Clear the description": { description: null } satisfies z.input<typeof patchTask.body>,
  },
  [patchUser.id]: {
    Ban: { banned: true } satisfies z.input<typeof patchUser.body>,
    "Make an admin": { role: "admin" } satisfies z.input<typeof patchUser.body>,
  },
};

type Examples = Record<string, { summary: string; value: unknown }>;

/** Examples of the request body: all members, then those written by hand. */
export function bodyExamples(op: Operation, body: z.ZodObject): Examples {
  const written = Object.entries(bodies[op.id] ?? {});
  const named = written.map(([summary, value]) => [slug(summary), { summary, value }]);
  return { ...answerExamples(body, "Every member"), ...Object.fromEntries(named) };
}

export const answerExamples = (body: z.ZodType, summary: string): Examples => ({
  example: { summary, value: exampleOf(body) },
});

const slug = (text: string) => text.toLowerCase().replaceAll(" ", "-");

/**
 * The example of a schema, put together from those of its members.
 * @throws Error naming the member that has neither an example nor a value that can be told
 */
export function exampleOf(schema: z.core.$ZodType, at = ""): unknown {
  const { example } = z.globalRegistry.get(schema) ?? {};
  if (example !== undefined) return example;
  if (schema instanceof z.ZodObject) {
    const members = Object.entries(schema.shape).map(([key, member]) => [
      key,
      exampleOf(member, `${at}/${key}`),
    ]);
    return Object.fromEntries(members);
  }
  if (schema instanceof z.ZodArray) return [exampleOf(schema.element, `${at}/0`)];
  if (schema instanceof z.ZodLiteral) return schema.value;
  if (schema instanceof z.ZodEnum) return schema.options[0];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return exampleOf(schema.unwrap(), at);
  if (schema instanceof z.ZodNullable) return null;
  throw new Error(`${at || "The schema"} needs an example.`);
}
