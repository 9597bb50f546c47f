import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { platform } from "node:os";

export type HttpResponse = { status: number; head: string; text: string };

/** The value of a header. If the header is repeated, the first value. */
export const headerOf = ({ head }: HttpResponse, name: string): string | undefined =>
  new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1]?.trim();

/**
 * One HTTP/1.1 connection from one client address, with one request in flight. It implements only what the subjects
 * use: the caller shares two cores with the subject, so its own cost must stay small.
 */
export class Connection {
  readonly #port: number;
  readonly address: string;
  #socket: Socket | undefined;
  #pending: { resolve(response: HttpResponse): void; reject(error: Error): void } | undefined;
  #received: Buffer = Buffer.alloc(0);

  constructor(port: number, address: string) {
    this.#port = port;
    this.address = address;
  }

  /** Rate limits count by address. macOS binds to 127.0.0.1 only; other systems accept all of 127.0.0.0/8. */
  async open(): Promise<void> {
    if (this.#socket?.writable) return;
    const localAddress = platform() === "darwin" ? {} : { localAddress: this.address };
    const socket = connect({ host: "127.0.0.1", port: this.#port, ...localAddress, noDelay: true });
    await once(socket, "connect");
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("the connection was closed")));
    this.#socket = socket;
  }

  send(request: Buffer): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#received = Buffer.alloc(0);
      if (this.#socket?.writable) this.#socket.write(request);
      else this.#fail(new Error("the connection is not open"));
    });
  }

  close(): void {
    this.#pending = undefined;
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #fail(error: Error): void {
    this.#pending?.reject(error);
    this.#pending = undefined;
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const response = parseResponse(this.#received);
    if (!response) return;
    this.#pending?.resolve(response);
    this.#pending = undefined;
  }
}

/** Returns undefined until the response is complete. */
function parseResponse(bytes: Buffer): HttpResponse | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = bytes.toString("latin1", 0, end).replaceAll("\r\n", "\n");
  const status = Number(head.slice(9, 12));
  const body = bytes.subarray(end + 4);
  if (status === 204 || status === 304) return { status, head, text: "" };
  if (/^transfer-encoding: chunked$/im.test(head)) {
    const text = body.subarray(-5).toString("latin1") === "0\r\n\r\n" ? joinChunks(body) : undefined;
    return text === undefined ? undefined : { status, head, text };
  }
  const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
  return body.length < length ? undefined : { status, head, text: body.toString("utf8", 0, length) };
}

/** Returns undefined when the terminator turns out to be inside a chunk. */
function joinChunks(body: Buffer): string | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const line = body.indexOf("\r\n", at);
    const size = Number.parseInt(body.toString("latin1", at, line), 16);
    if (size === 0) return Buffer.concat(parts).toString();
    parts.push(body.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
  return undefined;
}
