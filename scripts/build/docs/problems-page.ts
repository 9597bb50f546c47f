import { html } from "hono/html";
import { type Operation, problemsOf } from "../../../lib/contract.js";
import { type ProblemCode, problemCodes, problems } from "../../../lib/problem.js";
import { problemMeanings } from "../../../lib/problem-meanings.js";
import { routes } from "../../../lib/routes.js";

/** The page that the `type` of every problem links to. It explains each code under an anchor with its name. */
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
    <link rel="stylesheet" href="/assets/style.css" />
    <link rel="stylesheet" href="/assets/problems.css" />
  </head>
  <body>
    <header class="site-header">
      <a class="brand" href="/"><img src="/favicon.svg" alt="" width="28" height="28" />Latchkey</a>
      <nav aria-label="Main"><a href="/api/docs">API</a></nav>
    </header>
    <main>
      <div class="wide">
      <h1>Problems</h1>
      <p class="lead">
        Every error response has one of these codes as <code>code</code>, and a link to its entry on this page as
        <code>type</code>. The <a href="/api/docs">API reference</a> lists the codes of each operation.
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
  const { status, title } = problems[code];
  const meaning = problemMeanings[code];
  return html`<section id="${code}" class="card" aria-labelledby="${code}-title">
        <h2 id="${code}-title"><a href="#${code}">${code}</a> <span class="status">${status}</span></h2>
        <p><strong>${title}.</strong> ${withCode(meaning)}</p>
        <p class="fine-print">${operationsWith(code)}</p>
      </section>
      `;
};

function operationsWith(code: ProblemCode) {
  const hasCode = (operation: Operation) => problemsOf(operation).includes(code);
  const some = routes.filter(hasCode);
  const others = routes.filter((operation) => !hasCode(operation));
  if (some.length === 0) return "Any operation.";
  if (others.length === 0) return "Every operation.";
  return some.length > others.length ? html`Every operation except ${links(others)}` : links(some);
}

const links = (operations: Operation[]) =>
  operations.map((op, i) => [i === 0 ? "" : ", ", operationLink(op)]);

const operationLink = ({ tag, id, method, path }: Operation) =>
  html`<a href="/api/docs#/${tag}/${id}"><code>${method.toUpperCase()} ${path}</code></a>`;

/** Renders code spans, the only Markdown that the catalogue uses. */
const withCode = (text: string) =>
  text.split("`").map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part));
