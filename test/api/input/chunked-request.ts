import { request } from "node:http";
import { text } from "node:stream/consumers";
import type { Stack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";

/** Sends JSON with chunked transfer encoding. */
export async function sendChunks({ origin }: Stack, { token }: TestUser, path: string, ...chunks: string[]) {
  const { port } = new URL(origin);
  return new Promise<{ status: number; code: string | undefined }>((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const sent = request({ host: "127.0.0.1", port, method: "POST", path, headers });
    sent.on("error", reject).on("response", async (response) => {
      resolve({ status: response.statusCode ?? 0, code: JSON.parse(await text(response)).code });
    });
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}
