/*
 * Runs in a fresh process: imports a bundle and sends it one request. Prints the milliseconds from the first line of
 * this file to the end of the import, and to the first response. Without a request it measures only the import.
 */

const start = performance.now();
const [bundle = "", path = "", token = ""] = process.argv.slice(2);

// `@vercel/functions` looks here for `waitUntil`.
Reflect.set(globalThis, Symbol.for("@vercel/request-context"), { get: () => ({ waitUntil() {} }) });

const exported = await import(bundle);
const importMs = performance.now() - start;

/** @returns {Promise<Response>} */
async function sendRequest() {
  const headers = { authorization: `Bearer ${token}` };
  const isNest = exported.createNest !== undefined;
  if (!isNest) return exported.default.fetch(new Request(`http://localhost${path}`, { headers }));
  // A Nest app accepts requests over HTTP only.
  const nest = await exported.createNest();
  const server = await nest.listen(0, "127.0.0.1");
  return fetch(`http://127.0.0.1:${server.address().port}${path}`, { headers });
}

if (path) {
  const response = await sendRequest();
  const { data } = await response.json();
  if (response.status !== 200 || data.length !== 20) throw new Error(`${bundle} returned ${response.status}`);
}
process.stdout.write(`${JSON.stringify({ importMs, responseMs: performance.now() - start })}\n`);
process.exit(0);
