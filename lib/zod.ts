import * as z from "zod/mini";
import english from "zod/v4/locales/en.js";

// The functions of zod without its methods, of which each schema would carry dozens: a fifth of a function's import.
z.config(english());

export * from "zod/mini";

/** The schema, with what the OpenAPI document says of it. */
export function doc<S extends z.ZodMiniType>(schema: S, words: z.core.GlobalMeta): S {
  z.globalRegistry.add(schema, words);
  return schema;
}

/** A text that is read as something else; `refuse` says why it cannot be. */
export const reading = <T>(read: (value: string, refuse: (why: string) => never) => T) =>
  z.pipe(
    z.string(),
    z.transform(
      (value: string, { issues }): T =>
        read(value, (message) => {
          issues.push({ code: "custom", message, input: value });
          return z.NEVER;
        }),
    ),
  );
