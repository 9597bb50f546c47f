import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

type Sent = { key: string | undefined; to: string; subject: string; text: string; body: string };
export type ResendAnswer = { status: number; body: unknown; delayMs?: number };

/** What stands in for Resend where a test must see each call as it arrives, or choose its answer. */
export type RecordingResend = {
  origin: string;
  calls: Sent[];
  to(address: string): Sent[];
  /** Replaces the answer for one address; the rest is accepted. */
  answer(address: string, ...answers: ResendAnswer[]): void;
  stop(): void;
};

export const accepted: ResendAnswer = { status: 200, body: { id: "0199aaaa-0000-7000-8000-000000000000" } };
export const refused = (status: number, name: string): ResendAnswer => ({
  status,
  body: { statusCode: status, name, message: "as the test wants it" },
});

/** @param onCall is told of each call before its answer */
export async function startRecordingResend(onCall: () => void = () => {}): Promise<RecordingResend> {
  const calls: Sent[] = [];
  const answers = new Map<string, ResendAnswer[]>();
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const mail = JSON.parse(body);
    const key = request.headers["idempotency-key"];
    calls.push({ ...mail, to: String(mail.to), body, key: typeof key === "string" ? key : undefined });
    onCall();
    const queue = answers.get(String(mail.to)) ?? [];
    // The last answer stays.
    const answer = (queue.length > 1 ? queue.shift() : queue[0]) ?? accepted;
    setTimeout(() => {
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
    }, answer.delayMs ?? 0);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    calls,
    to: (address) => calls.filter((call) => call.to === address),
    answer: (address, ...list) => void answers.set(address, list),
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
