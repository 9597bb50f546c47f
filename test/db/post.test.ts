import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { post } from "../../db/post.js";

const sendBy = (url: string, leftMs: number) =>
  post(url, { headers: {}, body: "{}", deadline: { atMs: performance.now() + leftMs } });

test("what has no answer at its deadline is a timeout; what is past it is one at once, and is not sent", async () => {
  const server = createServer(() => {}).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/sql`;
  await expect(sendBy(url, 100)).rejects.toMatchObject({ name: "TimeoutError" });

  const isGivenUp = sendBy(url, -1).catch(({ name }) => name);
  // Whatever is sent takes a turn of the loop at least.
  expect(await Promise.race([isGivenUp, setImmediate("sent")])).toBe("TimeoutError");
});

test("what is no address rejects like all else that goes wrong", async () => {
  const sent = post("no address", { headers: {}, body: "{}" });
  await expect(sent).rejects.toMatchObject({ code: "ERR_INVALID_URL" });
});
