import { html } from "hono/html";
import { type Operation, problemsOf } from "../../../lib/contract.js";
import { type ProblemCode, problemCodes, problems } from "../../../lib/problem.js";
import { routes } from "../../../lib/routes.js";

/** The page that the `type` of every problem names: what each code means, under an anchor of its name. */
export const problemsPage = async (): Promise<string> =>
  String(
    await html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="description" content="Every error code of the Latchkey API and what to do about it" />
    <title>Problems · Latchkey</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/style.css" />
    <link rel="stylesheet" href="/api/docs/problems.css" />
  </head>
  <body>
    <header class="bar">
      <a class="brand" href="/"><img src="/favicon.svg" alt="" width="28" height="28" />Latchkey</a>
      <nav aria-label="Main"><a href="/api/docs">API</a></nav>
    </header>
    <main>
      <div class="wide">
      <h1>Problems</h1>
      <p class="lead">
        Every answer that is not a success has one of these codes as <code>code</code>, and the address of its
        entry here as <code>type</code>. The <a href="/api/docs">API reference</a> says which operation answers
        which.
      </p>
      <nav class="codes" aria-label="Codes">
        <ul>
          ${problemCodes.map((code) => html`<li><a href="#${code}">${code}</a></li>`)}
        </ul>
      </nav>
      ${problemCodes.map(entry)}
      </div>
    </main>
  </body>
</html>
`,
  );

const entry = (code: ProblemCode) => {
  const { status, title, meaning } = problems[code];
  return html`<section id="${code}" class="card" aria-labelledby="${code}-title">
        <h2 id="${code}-title"><a href="#${code}">${code}</a> <span class="status">${status}</span></h2>
        <p><strong>${title}.</strong> ${withCode(meaning)}</p>
        <p class="fine">${answeredBy(code)}</p>
      </section>
      `;
};

function answeredBy(code: ProblemCode) {
  const [some, others] = [true, false].map((answers) =>
    routes.filter((op) => problemsOf(op).includes(code) === answers),
  ) as [Operation[], Operation[]];
  if (some.length === 0) return "Whatever the operation.";
  if (others.length === 0) return "Every operation.";
  return some.length > others.length ? html`Every operation except ${links(others)}` : links(some);
}

const links = (operations: Operation[]) =>
  operations.map((op, i) => [i === 0 ? "" : ", ", operationLink(op)]);

const operationLink = ({ tag, id, method, path }: Operation) =>
  html`<a href="/api/docs#/${tag}/${id}"><code>${method.toUpperCase()} ${path}</code></a>`;

/** Markdown's code spans, the only markup in the catalogue. */
const withCode = (text: string) =>
  text.split("`").map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part));
