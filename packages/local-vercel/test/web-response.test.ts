import { once } from "node:events";
import { createServer } from "node:http";
import { onTestFinished, test, vi } from "vitest";
import { sendWebResponse } from "../src/web-response.js";

test.for([
  ["ends after its first chunk", 0],
  ["continues", 1],
] as const)(
  "a body that %s after the platform has sent its own response causes no error",
  async ([, more], { expect }) => {
    const onError = vi.fn<(error: Error) => void>();
    let sent: Promise<void> | undefined;
    const server = createServer(async (_request, response) => {
      response.on("error", onError);
      const chunks = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, { highWaterMark: 4 });
      const writer = chunks.writable.getWriter();
      await writer.write(Buffer.from("first"));
      sent = sendWebResponse(new Response(chunks.readable), response, new Map(), false);
      // Within the same turn: the first chunk has been read, but not written.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      response.end("instead");
      for (let i = 0; i < more; i += 1) await writer.write(Buffer.from("more"));
      await writer.close();
    });
    onTestFinished(() => void server.close());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;

    const received = await fetch(`http://127.0.0.1:${port}`);
    expect(await received.text()).toBe("instead");
    await sent?.catch(() => {});
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(onError).not.toHaveBeenCalled();
  },
);
