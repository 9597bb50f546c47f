import { once } from "node:events";
import { connect } from "node:net";

/** Sends bytes as they are and resolves with all that comes back until the server closes. */
export async function sendRaw(origin: string, bytes: string | Buffer, host = "127.0.0.1"): Promise<string> {
  const socket = connect({ port: Number(new URL(origin).port), host });
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  // A server may reset what it refused to read; what it said before counts.
  socket.on("error", () => {});
  socket.write(bytes);
  if (!socket.closed) await once(socket, "close");
  return Buffer.concat(chunks).toString("latin1");
}

/** A whole HTTP/1.1 request, one line or header each, on a connection of its own. */
export function rawRequest(...lines: string[]): Buffer {
  return Buffer.from(`${[...lines, "Connection: close", "", ""].join("\r\n")}`, "latin1");
}

export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
}
