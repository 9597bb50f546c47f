import type * as z from "zod";
import { type FieldError, Problem } from "../problem.js";

const pointerTo = (path: PropertyKey[]) =>
  path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

const maxErrors = 20;

/** Callers choose the names of unknown members: cut to 100 characters, without lone surrogates. */
const shorten = (name: string) => name.slice(0, 100).toWellFormed();

/** Lists every invalid body member by JSON pointer, or every invalid parameter by name. Never quotes a value. */
function fieldErrors(issues: readonly z.core.$ZodIssue[], by: "pointer" | "parameter"): FieldError[] {
  const errors = issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({ path: [...issue.path, shorten(key)], message: "is unknown" }))
      : [{ path: issue.path, message: issue.message }],
  );
  return errors
    .slice(0, maxErrors)
    .map(({ path, message }) =>
      by === "pointer"
        ? { pointer: pointerTo(path), message }
        : { parameter: path.map(String).join("."), message },
    );
}

type Result = { success: true } | { success: false; error: z.core.$ZodError };

/** The hook of a `zValidator`. @throws Problem `invalid-request` */
export const refuseInvalid = (by: "pointer" | "parameter") => (result: Result) => {
  if (!result.success) throw new Problem("invalid-request", { errors: fieldErrors(result.error.issues, by) });
};
