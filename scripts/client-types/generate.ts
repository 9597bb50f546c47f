import openapiTS, { astToString } from "openapi-typescript";

const banner = "// Generated from openapi.json by `npm run generate`. Do not edit.";

type Document = {
  paths: { [path: string]: { [method: string]: { security?: object[] } } };
  components: { securitySchemes: { [name: string]: { type: string } } };
};

/** The generated source files of the browser client, by their path in the repository. */
export async function generateClientFiles(document: string): Promise<Record<string, string>> {
  const types = await openapiTS(document, { alphabetize: true, defaultNonNullable: false });
  return {
    "packages/client/src/schema.ts": `${banner}\n\n${astToString(types)}`,
    "packages/client/src/open-paths.ts": openPathsModule(openPathsOf(JSON.parse(document))),
  };
}

/** Paths where no operation needs a bearer token. */
function openPathsOf({ paths, components }: Document): string[] {
  const isBearer = (scheme: string) => components.securitySchemes[scheme]?.type === "http";
  const isOpen = ({ security = [] }: { security?: object[] }) =>
    !security.some((requirement) => Object.keys(requirement).some(isBearer));
  const open = Object.entries(paths).filter(([, operations]) => Object.values(operations).every(isOpen));
  return open.map(([path]) => path).sort();
}

const openPathsModule = (paths: string[]): string => `${banner}

/** Paths that need no access token. */
export const openPaths: readonly string[] = [
${paths.map((path) => `  ${JSON.stringify(path)},`).join("\n")}
];
`;
