import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { Duplex } from "node:stream";

export type Listening = {
  port: number;
  /** Stops accepting connections. */
  close(): void;
  /** Ends the requests that are still in progress. */
  closeConnections(): void;
};

const attempts = 10;
/** Beyond the backlog, TCP retries after 1, 3, 7 … seconds. Accepting and refusing a request takes less time. */
const backlog = 4_096;

/** Listens on 127.0.0.1 and, where the machine has IPv6, on ::1: `localhost` can resolve to either. */
export async function listenOnLoopback(listener: RequestListener, wanted: number): Promise<Listening> {
  for (let attempt = 1; ; attempt += 1) {
    const v4 = createHttpServer(listener);
    const port = await listen(v4, "127.0.0.1", wanted);
    const v6 = createHttpServer(listener);
    try {
      await listen(v6, "::1", port);
      return listening(port, [v4, v6]);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT") return listening(port, [v4]);
      closeServer(v4);
      // A port that is free on one address may be taken on the other.
      if (code !== "EADDRINUSE" || wanted !== 0 || attempt === attempts) throw error;
    }
  }
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen({ host, port, backlog });
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address ? address.port : port;
}

function createHttpServer(listener: RequestListener): Server {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  server.on("connect", (_request, socket) => refuse(socket, "405 Method Not Allowed"));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => refuse(socket, statusFor(error.code)));
  return server;
}

function statusFor(code: string | undefined): string {
  if (code === "HPE_INVALID_METHOD") return "405 Method Not Allowed";
  if (code === "HPE_HEADER_OVERFLOW") return "431 Request Header Fields Too Large";
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return "408 Request Timeout";
  return "400 Bad Request";
}

function refuse(socket: Duplex, status: string): void {
  socket.on("error", () => socket.destroy());
  if (!socket.writable) socket.destroy();
  else socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function listening(port: number, servers: Server[]): Listening {
  return {
    port,
    close: () => servers.forEach(closeServer),
    closeConnections() {
      for (const server of servers) server.closeAllConnections();
    },
  };
}

function closeServer(server: Server): void {
  server.close();
  server.closeIdleConnections();
}
