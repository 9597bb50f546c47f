import { once } from "node:events";
import { connect } from "node:net";

/** Sends raw bytes and returns everything that the server sends until it closes the connection. */
export async function sendRaw(origin: string, bytes: string | Buffer, host = "127.0.0.1"): Promise<string> {
  const socket = connect({ port: Number(new URL(origin).port), host });
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  // A server may reset the connection after refusing to read a request. The response that arrived still counts.
  socket.on("error", () => {});
  socket.write(bytes);
  if (!socket.closed) await once(socket, "close");
  return Buffer.concat(chunks).toString("latin1");
}

/** Builds an HTTP/1.1 request from its request line and headers, with `Connection: close`. */
export function rawRequest(...lines: string[]): Buffer {
  return Buffer.from([...lines, "Connection: close", "", ""].join("\r\n"), "latin1");
}

export function statusOf(response: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(response)?.[1]);
}
