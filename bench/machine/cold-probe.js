/*
 * A fresh process that imports a bundle and answers one request. Prints the milliseconds of the import and, from its
 * own first line, of the first answer; without a request only the import.
 */

const from = performance.now();
const [bundle = "", path = "", token = ""] = process.argv.slice(2);

// Where `@vercel/functions` looks for `waitUntil`.
Reflect.set(globalThis, Symbol.for("@vercel/request-context"), { get: () => ({ waitUntil() {} }) });

const exported = await import(bundle);
const importMs = performance.now() - from;

/** @returns {Promise<Response>} */
async function answer() {
  const headers = { authorization: `Bearer ${token}` };
  const isNest = exported.createNest !== undefined;
  if (!isNest) return exported.default.fetch(new Request(`http://localhost${path}`, { headers }));
  // A Nest app answers nothing but HTTP.
  const nest = await exported.createNest();
  const server = await nest.listen(0, "127.0.0.1");
  return fetch(`http://127.0.0.1:${server.address().port}${path}`, { headers });
}

if (path) {
  const response = await answer();
  const { data } = await response.json();
  if (response.status !== 200 || data.length !== 20) throw new Error(`${bundle} answered ${response.status}`);
}
process.stdout.write(`${JSON.stringify({ importMs, answerMs: performance.now() - from })}\n`);
process.exit(0);
