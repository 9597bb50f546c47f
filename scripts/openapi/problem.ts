import * as z from "zod";
import { type Operation, problemsOf } from "../../lib/contract.js";
import { type FieldError, type ProblemCode, problemCodes, problems } from "../../lib/problem.js";
import { routes } from "../../lib/routes.js";
import { task } from "../../lib/tasks/contract.js";
import { classic } from "./classic.js";
import { exampleOf } from "./examples.js";
import { problemHeaders } from "./headers.js";

const mediaType = "application/problem+json";

const fieldError = z
  .union([
    z.strictObject({
      pointer: z.string().meta({ description: "JSON pointer into the body (RFC 6901)" }),
      message: z.string(),
    }),
    z.strictObject({
      parameter: z.string().meta({ description: "Name of a parameter or header" }),
      message: z.string(),
    }),
  ])
  .meta({ id: "FieldError" }) satisfies z.ZodType<FieldError>;

/** The body of every answer that is no success. */
export const problem = z
  .object({
    type: z.string().meta({ description: "Page that explains the code", format: "uri-reference" }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional().meta({ description: "About this occurrence, for people" }),
    code: z.enum(problemCodes).meta({ description: "What to act upon" }),
    requestId: z.string(),
    errors: z.array(fieldError).optional().meta({ description: "With `invalid-request`: all that is wrong" }),
  })
  .meta({ id: "Problem", description: "RFC 9457" });

const extensions: { [C in ProblemCode]?: Record<string, z.ZodType> } = {
  "precondition-failed": { current: classic(task) },
};

const body = (code: ProblemCode, more: Partial<z.output<typeof problem>> = {}) => ({
  type: `/problems#${code}`,
  title: problems[code].title,
  status: problems[code].status,
  code,
  requestId: "0b8f2a3e-5d0c-4f6e-9a51-1f7d2f0c8b9a",
  ...more,
  ...Object.fromEntries(
    Object.entries(extensions[code] ?? {}).map(([key, schema]) => [key, exampleOf(schema)]),
  ),
});

const fieldErrors = {
  "invalid-request.body": [{ pointer: "/email", message: "must be an address such as ada@example.com" }],
  "invalid-request.parameter": [{ parameter: "limit", message: "must be a whole number" }],
} satisfies Record<string, FieldError[]>;

const documented = new Set(routes.flatMap(problemsOf));

/** One example for each code that an operation answers, two where it speaks of members or of parameters; for `components`. */
export const problemExamples = problemCodes
  .filter((code) => documented.has(code))
  .flatMap((code) => {
    const summary = problems[code].title;
    if (code !== "invalid-request") return [[code, { summary, value: body(code) }] as const];
    return Object.entries(fieldErrors).map(
      ([name, errors]) => [name, { summary, value: body(code, { errors }) }] as const,
    );
  });

function exampleNames(op: Operation, code: ProblemCode): string[] {
  if (code !== "invalid-request") return [code];
  const names: (keyof typeof fieldErrors)[] = [];
  if (op.body) names.push("invalid-request.body");
  if (op.query || op.headers) names.push("invalid-request.parameter");
  return names;
}

/** The problems of an operation as answers: by status, `code` narrowed to what can occur. */
export function problemAnswers(op: Operation) {
  const codesByStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(op)) {
    const { status } = problems[code];
    codesByStatus.set(status, [...(codesByStatus.get(status) ?? []), code]);
  }
  const entries = [...codesByStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(entries.map(([status, codes]) => [status, problemAnswer(op, status, codes)]));
}

function problemAnswer(op: Operation, status: number, codes: ProblemCode[]) {
  const narrowed = z.object({
    code: z.enum(codes),
    status: z.literal(status),
    ...Object.assign({}, ...codes.map((code) => extensions[code])),
  });
  const names = codes.flatMap((code) => exampleNames(op, code));
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(" "),
    headers: problemHeaders(op, status),
    content: {
      [mediaType]: {
        schema: z.intersection(problem, narrowed),
        examples: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/examples/${name}` }])),
      },
    },
  };
}
