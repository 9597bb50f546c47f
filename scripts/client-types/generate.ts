import openapiTS, { astToString } from "openapi-typescript";

const origin = "Written by `npm run openapi` from openapi.json; not by hand.";

/** The TypeScript types of an OpenAPI document, as the text of a module. */
export async function clientTypes(document: string): Promise<string> {
  const types = await openapiTS(document, { alphabetize: true, defaultNonNullable: false });
  return `// ${origin}\n\n${astToString(types)}`;
}
