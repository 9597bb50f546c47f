import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

type SendCall = { key: string | undefined; to: string; subject: string; text: string; body: string };
export type ResendResponse = {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
  delayMs?: number;
};

/** A stand-in for Resend, for tests that inspect each call as it arrives or choose its response. */
export type RecordingResend = {
  origin: string;
  calls: SendCall[];
  to(address: string): SendCall[];
  /** Sets the responses for one address; the last one repeats. Other addresses are accepted. */
  respond(address: string, ...responses: ResendResponse[]): void;
  stop(): void;
};

export const accepted: ResendResponse = { status: 200, body: { id: "0199aaaa-0000-7000-8000-000000000000" } };
export const refused = (status: number, name: string): ResendResponse => ({
  status,
  body: { statusCode: status, name, message: "chosen by the test" },
});

/** @param onCall runs on each call, before its response */
export async function startRecordingResend(onCall: () => void = () => {}): Promise<RecordingResend> {
  const calls: SendCall[] = [];
  const responses = new Map<string, ResendResponse[]>();
  const server = createServer(async (request, reply) => {
    const body = await text(request);
    const mail = JSON.parse(body);
    const key = request.headers["idempotency-key"];
    calls.push({ ...mail, to: String(mail.to), body, key: typeof key === "string" ? key : undefined });
    onCall();
    const queue = responses.get(String(mail.to)) ?? [];
    const response = (queue.length > 1 ? queue.shift() : queue[0]) ?? accepted;
    setTimeout(() => {
      reply.writeHead(response.status, { "content-type": "application/json", ...response.headers });
      reply.end(typeof response.body === "string" ? response.body : JSON.stringify(response.body));
    }, response.delayMs ?? 0);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    calls,
    to: (address) => calls.filter((call) => call.to === address),
    respond: (address, ...list) => void responses.set(address, list),
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
