import type * as z from "zod";
import type { login, logout } from "../../../lib/auth/contract/sessions.js";

type LoginResponse = z.output<(typeof login)["responses"][200]["body"]>;
type UiResponse = { ok: boolean; url: string; body?: unknown };
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
  // The default sends the document to a validator on another host.
  validatorUrl: null,
  syntaxHighlight: { theme: "tomorrow-night" },
  responseInterceptor: followSession,
});

const dark = matchMedia("(prefers-color-scheme: dark)");
const applyTheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", applyTheme);
applyTheme();

/** Names for elements that Swagger UI leaves without one, for screen readers. */
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
  // Swagger UI puts a link inside the button that opens an operation. It has no effect, but is an extra tab stop.
  for (const link of document.querySelectorAll(".opblock-summary-control a[href]"))
    link.removeAttribute("href");
}).observe(document.body, { childList: true, subtree: true });

/** Sends the token of a sign-in or refresh with the calls that follow, and keeps it in memory only. */
function followSession(response: UiResponse): UiResponse {
  if (!response.ok) return response;
  if (hasToken(response.body)) ui.preauthorizeApiKey(scheme, response.body[scheme]);
  if (new URL(response.url).pathname === logoutPath) ui.authActions.logout([scheme]);
  return response;
}

const hasToken = (body: unknown): body is Pick<LoginResponse, typeof scheme> =>
  typeof body === "object" && body !== null && scheme in body && typeof body[scheme] === "string";
