import { createFixture, type Fixture } from "./output-fixture.js";

/** Returns the request as the function receives it. */
const echo = `
export default {
  default: {
    async fetch(request) {
      return Response.json({
        url: request.url,
        method: request.method,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      });
    },
  },
};
`;

const cookies = `
export default {
  fetch() {
    const headers = new Headers({ "x-rule": "function", "x-own": "function" });
    headers.append("set-cookie", "a=1; Path=/");
    headers.append("set-cookie", "b=2; Path=/");
    return new Response("cookies", { status: 201, headers });
  },
};
`;

const methods = `
export const GET = (request) => new Response("got " + new URL(request.url).pathname);
export async function POST(request) { return new Response(await request.text()); }
`;

const node = `
export default (request, response) => {
  response.setHeader("x-rule", "function");
  response.end(request.method + " " + request.url + " " + request.headers["x-forwarded-for"]);
};
`;

/** Counts the instances, and the requests of each. */
const counter = `
globalThis.instances = (globalThis.instances ?? 0) + 1;
const instance = globalThis.instances;
let requests = 0;
export default { fetch: () => Response.json({ instance, requests: ++requests }) };
`;

const context = `
const context = () => globalThis[Symbol.for("@vercel/request-context")].get();
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    const name = searchParams.get("name");
    const wait = Number(searchParams.get("wait") ?? 0);
    console.log("before " + name);
    context().waitUntil(sleep(wait).then(() => console.log("after " + name)));
    if (searchParams.has("fail")) context().waitUntil(Promise.reject(new Error("failed " + name)));
    await sleep(Number(searchParams.get("hold") ?? 0));
    return Response.json({ url: context().url, header: context().headers["x-name"] ?? null });
  },
};
`;

const stream = `
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let resume;
const resumed = new Promise((resolve) => { resume = resolve; });
const bodies = {
  silent: () => new ReadableStream({ cancel() { console.log("cancelled silent"); } }),
  begun: () => new ReadableStream({
    start(controller) { controller.enqueue(new Uint8Array(1)); },
    cancel() { console.log("cancelled begun"); },
  }),
  broken: () => new ReadableStream({ pull() { throw new Error("broken immediately"); } }),
  cut: () => new ReadableStream({
    start(controller) { controller.enqueue(new Uint8Array(1)); },
    async pull() { await sleep(50); throw new Error("cut in the middle"); },
  }, { highWaterMark: 2 }),
  large: () => {
    let left = 64;
    return new ReadableStream({
      pull(controller) {
        if (left === 0) return controller.close();
        left -= 1;
        controller.enqueue(new Uint8Array(256 * 1024));
      },
    });
  },
};
export default {
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    if (search === "?resume") { resume(); return new Response(); }
    request.signal.addEventListener("abort", () => console.log("aborted " + pathname));
    if (pathname.endsWith("/hang")) { console.log("hanging " + pathname); await sleep(60_000); }
    if (search) return new Response(bodies[search.slice(1)]());
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(new TextEncoder().encode("first "));
        await resumed;
        controller.enqueue(new TextEncoder().encode("second"));
        controller.close();
      },
    });
    return new Response(body);
  },
};
`;

const broken = {
  missing: `import "not-in-the-bundle"; export default { fetch() {} };`,
  throwing: `export default { fetch() { throw new Error("thrown on purpose"); } };`,
  silent: `export default { fetch() { return "no response"; } };`,
  nothing: `export const answer = 42;`,
  loose: `export default { fetch() { Promise.reject(new Error("left alone")); return new Response("ok"); } };`,
};

/** Ignores its body, reads the beginning, or reads all of it. */
const upload = `
export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    if (searchParams.has("ignore")) return new Response("ignored");
    if (searchParams.has("begin")) {
      const reader = request.body.getReader();
      await reader.read();
      await reader.cancel();
      return new Response("begun");
    }
    return new Response(String((await request.arrayBuffer()).byteLength));
  },
};
`;

const environment = `export default { fetch: () => new Response(process.env.FIXTURE_VALUE) };`;

const vercelJson = {
  headers: [
    { source: "/(.*)", headers: [{ key: "x-rule", value: "route" }] },
    { source: "/api/(.*)", headers: [{ key: "x-api", value: "yes" }] },
  ],
  rewrites: [{ source: "/well-known.json", destination: "/api/echo" }],
  redirects: [{ source: "/moved/:id", destination: "/api/items/:id", permanent: false }],
};

const routes = [
  { handle: "filesystem" },
  { src: "^/api/items/(?<id>[^/]+)$", dest: "/api/echo", check: true },
  { src: "^/api/added$", dest: "/api/echo?added=yes&kept=no", check: true },
  { src: "^/api/(stream|impatient)/hang$", dest: "/api/$1", check: true },
  { handle: "error" },
  { src: "^(?!/api).*$", status: 404, dest: "/404" },
];

const html = "text/html; charset=utf-8";

export async function writeServerFixture(): Promise<Fixture> {
  const fixture = await createFixture();
  await fixture.writeConfig({
    routes,
    overrides: {
      "404.html": { path: "404", contentType: html },
      "about.html": { path: "about", contentType: html },
    },
  });
  await fixture.writeVercelJson(vercelJson);
  await fixture.write("static/index.html", "start");
  await fixture.write("static/about.html", "about");
  await fixture.write("static/404.html", "lost");
  await fixture.write("static/app.js", "run();");
  await fixture.write("static/logo.png", Buffer.from([137, 80, 78, 71]));

  const functions = { echo, cookies, methods, node, counter, context, stream, upload, environment };
  for (const [name, source] of Object.entries(functions)) await fixture.writeFunction(`api/${name}`, source);
  for (const [name, source] of Object.entries(broken)) {
    await fixture.writeFunction(`api/broken/${name}`, source);
  }
  await fixture.writeFunction("api/impatient", stream, { maxDuration: 0.2 });
  await fixture.linkFunction("api/counter-too", "counter");
  return fixture;
}
