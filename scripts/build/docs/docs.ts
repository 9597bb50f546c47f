import type * as z from "zod";
import type { login, logout } from "../../../lib/auth/contract.js";

type LoginAnswer = z.output<(typeof login)["responses"][200]["body"]>;
type Answer = { ok: boolean; url: string; body?: unknown };
type SwaggerUi = {
  preauthorizeApiKey(scheme: string, value: string): void;
  authActions: { logout(schemes: string[]): void };
};
declare const SwaggerUIBundle: (options: object) => SwaggerUi;

const scheme = "accessToken";
const logoutPath: (typeof logout)["path"] = "/api/auth/logout";

const ui = SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  tryItOutEnabled: true,
  filter: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  // Its default sends the document to a validator on another host.
  validatorUrl: null,
  syntaxHighlight: { theme: "tomorrow-night" },
  responseInterceptor: followSession,
});

const dark = matchMedia("(prefers-color-scheme: dark)");
const applyTheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", applyTheme);
applyTheme();

/** What Swagger UI leaves without a name for those who do not see it. */
const names = {
  ".information-container": "About the API",
  ".operation-filter-input": "Filter by tag or path",
  ".examples-select-element": "Example",
  ".body-param__text": "Request body",
};
new MutationObserver(() => {
  for (const [selector, name] of Object.entries(names)) {
    for (const field of document.querySelectorAll(`${selector}:not([aria-label])`)) {
      field.setAttribute("aria-label", name);
    }
  }
  document.querySelector(".filter-container")?.setAttribute("role", "search");
  document.querySelector(".information-container")?.setAttribute("role", "region");
  // A link inside the button that opens the operation: it does nothing of its own, and is in the way of keyboards.
  for (const link of document.querySelectorAll(".opblock-summary-control a[href]"))
    link.removeAttribute("href");
}).observe(document.body, { childList: true, subtree: true });

/** The token of a login or refresh goes to the calls that follow; it stays in memory. */
function followSession(answer: Answer): Answer {
  if (!answer.ok) return answer;
  if (hasToken(answer.body)) ui.preauthorizeApiKey(scheme, answer.body[scheme]);
  if (new URL(answer.url).pathname === logoutPath) ui.authActions.logout([scheme]);
  return answer;
}

const hasToken = (body: unknown): body is Pick<LoginAnswer, typeof scheme> =>
  typeof body === "object" && body !== null && scheme in body && typeof body[scheme] === "string";
