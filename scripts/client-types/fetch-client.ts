import { createClient } from "@hey-api/openapi-ts";

/** Writes the client that another team would generate, to prove that the document works with their generator too. */
export async function writeFetchClient(documentPath: string, folder: string): Promise<void> {
  await createClient({
    input: documentPath,
    output: folder,
    plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
    logs: { level: "silent" },
  });
}
