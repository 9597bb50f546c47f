import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { httpPost } from "../../db/http-client.js";

const postWithin = (url: string, leftMs: number) =>
  httpPost(url, { headers: {}, body: "{}", deadline: { atMs: performance.now() + leftMs } });

test("rejects with a TimeoutError at the deadline, and without sending when the deadline has passed", async () => {
  const server = createServer(() => {}).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/sql`;
  await expect(postWithin(url, 100)).rejects.toMatchObject({ name: "TimeoutError" });

  const rejection = postWithin(url, -1).catch(({ name }) => name);
  // Sending takes at least one turn of the event loop.
  expect(await Promise.race([rejection, setImmediate("sent")])).toBe("TimeoutError");
});

test("rejects an invalid URL instead of throwing", async () => {
  const sent = httpPost("not a URL", { headers: {}, body: "{}" });
  await expect(sent).rejects.toMatchObject({ code: "ERR_INVALID_URL" });
});
