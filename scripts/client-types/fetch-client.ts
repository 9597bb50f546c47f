import { createClient } from "@hey-api/openapi-ts";

/** Writes the client that another team would generate from the document, to prove that it works for them too. */
export async function writeFetchClient(documentPath: string, folder: string): Promise<void> {
  await createClient({
    input: documentPath,
    output: folder,
    plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
    logs: { level: "silent" },
  });
}
