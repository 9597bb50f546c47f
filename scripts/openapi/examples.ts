import * as z from "zod";
import { patchUser } from "../../lib/admin/contract/users.js";
import type { Operation } from "../../lib/contract.js";
import { patchTask } from "../../lib/tasks/contract/task.js";
import { createTask } from "../../lib/tasks/contract/tasks.js";

/** Bodies to show besides the one with every member. */
const extraBodies: { [operationId: string]: Record<string, unknown> } = {
  [createTask.id]: {
    "Only a title": { title: "Water the plants" } satisfies z.input<typeof createTask.body>,
  },
  [patchTask.id]: {
    "Mark as done": { status: "done" } satisfies z.input<typeof patchTask.body>,
    "Clear the description": { description: null } satisfies z.input<typeof patchTask.body>,
  },
  [patchUser.id]: {
    "Ban without an end": { banned: true } satisfies z.input<typeof patchUser.body>,
    "Make an admin": { role: "admin" } satisfies z.input<typeof patchUser.body>,
  },
};

type Examples = Record<string, { summary: string; value: unknown }>;

/** Examples of the request body: one with every member, then the extra ones. */
export function bodyExamples(op: Operation, body: z.ZodObject): Examples {
  const extra = Object.entries(extraBodies[op.id] ?? {}).map(([summary, value]) => [
    slug(summary),
    { summary, value },
  ]);
  return { ...responseExamples(body, "Every member"), ...Object.fromEntries(extra) };
}

export const responseExamples = (body: z.ZodType, summary: string): Examples => ({
  example: { summary, value: exampleOf(body) },
});

const slug = (text: string) => text.toLowerCase().replaceAll(" ", "-");

/**
 * The example of a schema, assembled from the examples of its members.
 * @throws Error that names the member for which no example can be derived
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
  const [option] = schema instanceof z.ZodUnion ? schema.options : [];
  if (option) return exampleOf(option, at);
  if (schema instanceof z.ZodArray) return [exampleOf(schema.element, `${at}/0`)];
  if (schema instanceof z.ZodLiteral) return schema.value;
  if (schema instanceof z.ZodEnum) return schema.options[0];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return exampleOf(schema.unwrap(), at);
  if (schema instanceof z.ZodNullable) return null;
  throw new Error(`${at || "The schema"} needs an example.`);
}
