import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { printed, useFixtureServer } from "./fixture-server.js";

const server = useFixtureServer();

describe("proxy", () => {
  test("forwards requests with their body, and returns the response with its headers", async () => {
    const other = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      response.setHeader("x-other", "yes");
      response.writeHead(203).end(`${request.method} ${request.url} ${body}`);
    });
    await once(other.listen(0, "127.0.0.1"), "listening");
    const address = other.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const running = await server().start({ proxy: { "/dev": `http://127.0.0.1:${port}` } });
    try {
      const response = await fetch(`${running.origin}/dev/mailbox?x=1`, { method: "POST", body: "sent" });
      expect([response.status, response.headers.get("x-other")]).toEqual([203, "yes"]);
      expect(response.headers.has("x-rule")).toBe(false);
      expect(await response.text()).toBe("POST /dev/mailbox?x=1 sent");
      expect((await fetch(`${running.origin}/developers`)).status).toBe(404);
      other.closeAllConnections();
      other.close();
      await once(other, "close");
      expect((await fetch(`${running.origin}/dev/mailbox`)).status).toBe(502);
    } finally {
      other.close();
      await running.stop();
    }
  });

  test("without it, the path is like any other", async () => {
    expect((await server().get("/dev/mailbox")).status).toBe(404);
  });
});

describe("reload and stop", () => {
  test("reload serves the new output, and requests in progress finish on the old one", async () => {
    await server().fixture.writeFunction("api/version", versionSource("old"));
    await server().fixture.write("functions/api/version.func/late.mjs", `export const late = "";`);
    const running = await server().start();
    try {
      const pending = fetch(`${running.origin}/api/version?hold=300`);
      await printed(running, "holding old");
      await server().fixture.writeFunction("api/version", versionSource("new"));
      await running.reload();
      expect(await (await fetch(`${running.origin}/api/version`)).text()).toBe("new");
      expect(await (await pending).text()).toBe("old");
    } finally {
      await running.stop();
    }
  });

  test("reload fails when the output cannot be loaded, and keeps the old one", async () => {
    const running = await server().start();
    await server().fixture.writeVercelJson({ rewrites: [{ source: "/x(", destination: "/y" }] });
    try {
      await expect(running.reload()).rejects.toThrow("vercel.json");
      expect((await fetch(`${running.origin}/about`)).status).toBe(200);
    } finally {
      await server().fixture.writeVercelJson({});
      await running.stop();
    }
  });

  test("stop waits for requests and waitUntil work, and leaves no files", async () => {
    const directory = await mkdtemp(join(tmpdir(), "copies-"));
    const copies = async () => (await readdir(directory)).filter((name) => name.startsWith("local-vercel-"));
    const running = await server().start({}, { TMPDIR: directory });
    expect(await copies()).toHaveLength(1);
    const pending = fetch(`${running.origin}/api/context?name=last&hold=200&wait=400`);
    await printed(running, "before last");
    const stopped = running.stop();
    expect((await pending).status).toBe(200);
    await stopped;
    expect(running.process.exitCode).toBe(0);
    expect(running.lines).toContain("after last");
    expect(await copies()).toEqual([]);
    await rm(directory, { recursive: true });
  });

  test("stop closes the port before requests in progress have finished", async () => {
    const running = await server().start();
    let hasEnded = false;
    const pending = fetch(`${running.origin}/api/context?name=slow&hold=4000`).finally(() => {
      hasEnded = true;
    });
    await printed(running, "before slow");
    const stopped = running.stop();
    await expect.poll(() => connectTo(running.origin), { timeout: 3_500 }).toBe("refused");
    expect(hasEnded).toBe(false);
    expect((await pending).status).toBe(200);
    await stopped;
  });
});

async function connectTo(origin: string): Promise<"open" | "refused"> {
  const socket = connect(Number(new URL(origin).port), "127.0.0.1");
  const state = await once(socket, "connect").then(
    () => "open" as const,
    () => "refused" as const,
  );
  socket.destroy();
  return state;
}

function versionSource(version: string): string {
  return `
export default {
  async fetch(request) {
    const hold = Number(new URL(request.url).searchParams.get("hold") ?? 0);
    if (hold) console.log("holding ${version}");
    await new Promise((resolve) => setTimeout(resolve, hold));
    const { late } = await import("./late.mjs");
    return new Response("${version}" + late);
  },
};
`;
}
