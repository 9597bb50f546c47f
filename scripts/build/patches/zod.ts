import { type Patch, replaceMatches } from "./patch.js";

/**
 * Every schema of zod has methods that convert it to JSON Schema. Only the build describes schemas, and it uses the package
 * as it is. Code that called one of the methods here would throw.
 */
const withoutJsonSchema = (source: string): string =>
  [
    {
      what: "import of the processors",
      pattern: /^import \* as processors from "\.\.\/core\/json-schema-processors\.js";$/m,
      replacement: "const processors = undefined;",
    },
    {
      what: "import of the methods",
      pattern:
        /^import \{ createStandardJSONSchemaMethod, createToJSONSchemaMethod \} from "\.\.\/core\/to-json-schema\.js";$/m,
      replacement:
        "const createStandardJSONSchemaMethod = () => undefined, createToJSONSchemaMethod = () => undefined;",
    },
  ].reduce(replaceMatches, source);

export const zod: Patch = {
  packageName: "zod",
  version: "4.6.7",
  file: "v4/classic/schemas.js",
  apply: withoutJsonSchema,
};
