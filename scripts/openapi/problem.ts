import * as z from "zod";
import { type Operation, problemsOf } from "../../lib/contract.js";
import { type FieldError, type ProblemCode, problemCodes, problems } from "../../lib/problem.js";
import { routes } from "../../lib/routes.js";
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

/** The body of every error response. */
const problem = z
  .object({
    type: z.string().meta({ description: "Page that explains the code", format: "uri-reference" }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional().meta({ description: "Explains this occurrence to people" }),
    code: z.enum(problemCodes).meta({ description: "Stable identifier of the error, for programs" }),
    requestId: z.string(),
    errors: z.array(fieldError).optional().meta({
      description:
        "With `invalid-request`: every bad member or parameter. `wrong-password` may name the member too",
    }),
  })
  .meta({ id: "Problem", description: "RFC 9457" });

const body = (code: ProblemCode, members: Partial<z.output<typeof problem>> = {}) => ({
  type: `/problems#${code}`,
  title: problems[code].title,
  status: problems[code].status,
  code,
  requestId: "0b8f2a3e-5d0c-4f6e-9a51-1f7d2f0c8b9a",
  ...members,
});

const badMember: FieldError = {
  pointer: "/email",
  message: "must be an address such as ada@example.com",
};
const badParameter: FieldError = { parameter: "limit", message: "must be a whole number" };

const exampleOfCode = (code: ProblemCode, members: Partial<z.output<typeof problem>> = {}) => ({
  summary: problems[code].title,
  value: body(code, members),
});

/** The examples of one problem of an operation, by name. Examples that differ between operations differ in name. */
function examplesOf(op: Operation, code: ProblemCode): Record<string, { summary: string; value: unknown }> {
  const extensions = op.problemExtensions?.[code];
  if (extensions) {
    const members = Object.entries(extensions).map(([name, schema]) => [name, exampleOf(schema)]);
    return { [`${code}.${op.tag}`]: exampleOfCode(code, Object.fromEntries(members)) };
  }
  if (code !== "invalid-request") return { [code]: exampleOfCode(code) };
  return {
    ...(op.body && { "invalid-request.body": exampleOfCode(code, { errors: [badMember] }) }),
    ...((op.query || op.headers) && {
      "invalid-request.parameter": exampleOfCode(code, { errors: [badParameter] }),
    }),
  };
}

/** Every example, for `components`. */
export const problemExamples = Object.entries(
  Object.assign(
    {},
    ...routes.flatMap((op) => problemsOf(op).map((code) => examplesOf(op, code))),
  ) as ReturnType<typeof examplesOf>,
);

/** The problems of an operation as responses by status, with `code` narrowed to those that can occur. */
export function problemResponses(op: Operation) {
  const codesByStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(op)) {
    const { status } = problems[code];
    codesByStatus.set(status, [...(codesByStatus.get(status) ?? []), code]);
  }
  const entries = [...codesByStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(entries.map(([status, codes]) => [status, problemResponse(op, status, codes)]));
}

function problemResponse(op: Operation, status: number, codes: ProblemCode[]) {
  const extensions = z.object(Object.assign({}, ...codes.map((code) => op.problemExtensions?.[code])));
  const narrowed = z.object({
    code: z.enum(codes),
    status: z.literal(status),
    // Only one of several codes carries the members.
    ...(codes.length > 1 ? extensions.partial() : extensions).shape,
  });
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(" "),
    headers: problemHeaders(op, status),
    content: {
      [mediaType]: {
        schema: z.intersection(problem, narrowed),
        examples: Object.fromEntries(
          codes
            .flatMap((code) => Object.keys(examplesOf(op, code)))
            .map((name) => [name, { $ref: `#/components/examples/${name}` }]),
        ),
      },
    },
  };
}
