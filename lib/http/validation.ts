import type * as z from "zod";
import { type FieldError, Problem } from "../problem.js";

const pointerTo = (path: PropertyKey[]) =>
  path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

const maxErrors = 20;

/** Callers choose the names of unknown members: cut to 100 characters, without lone surrogates. */
const shorten = (name: string) => name.slice(0, 100).toWellFormed();

/** The path and message of each issue, up to `maxErrors`. Never quotes a value. */
const located = (issues: readonly z.core.$ZodIssue[]) =>
  issues
    .flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => ({ path: [...issue.path, shorten(key)], message: "is unknown" }))
        : [{ path: issue.path, message: issue.message }],
    )
    .slice(0, maxErrors);

/** Lists the invalid members by JSON pointer. */
export const pointerErrors = ({ issues }: z.core.$ZodError) =>
  located(issues).map(({ path, message }) => ({ pointer: pointerTo(path), message }));

/** Lists the invalid parameters by name. */
const parameterErrors = ({ issues }: z.core.$ZodError) =>
  located(issues).map(({ path, message }) => ({ parameter: path.map(String).join("."), message }));

type Result = { success: true } | { success: false; error: z.core.$ZodError };

/** The hook of a `zValidator`. @throws Problem `invalid-request` */
export const refuseInvalid = (by: "pointer" | "parameter") => (result: Result) => {
  if (result.success) return;
  const errors: FieldError[] = (by === "pointer" ? pointerErrors : parameterErrors)(result.error);
  throw new Problem("invalid-request", { errors });
};
