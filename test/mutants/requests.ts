import type { Sabotages } from "./mutant.js";

/** Of the way of a request: around the handlers and at the guard. */
export const requests: Sabotages = {
  "lib/zod.ts": [
    {
      name: "a refusal does not say what was expected",
      find: "z.config(english());",
      replace: "void english;",
      tests: ["api/structure/bundles"],
    },
    {
      name: "a text that cannot be read passes",
      find: '        issues.push({ code: "custom", message, input: value });',
      replace: "        void [issues, message];",
      tests: ["lib/env", "lib/text"],
    },
  ],
  "lib/app.ts": [
    {
      name: "pages of any origin may read answers",
      find: "isOwnOrigin(origin, c.var.env) ? origin : null",
      replace: "c.var.env ? origin : null",
      tests: ["api/operations/cors"],
    },
    {
      name: "a cache may give a page the answer to somebody without an origin",
      find: '  c.res.headers.append("Vary", "Origin");',
      replace: "",
      tests: ["api/operations/cors"],
    },
    {
      name: "a body may be as large as the caller likes",
      find: "crossOrigin, limitBody);",
      replace: "crossOrigin);",
      tests: ["api/input/sizes"],
    },
    {
      name: "a body may be as large as its stated length",
      find: '    if (!(Number(length) <= maxBodyBytes)) throw new Problem("payload-too-large");',
      replace: "",
      tests: ["api/input/sizes"],
    },
    {
      name: "anything may stand in the log as request id",
      find: "sent && acceptableId.test(sent) ? sent",
      replace: "sent ? sent",
      tests: ["api/operations/request-id"],
    },
    {
      name: "a request has two lines in the log",
      find: "    writeRequestLine(log, answered, platform);",
      replace: "    for (const _ of [1, 2]) writeRequestLine(log, answered, platform);",
      tests: ["api/operations/request-line"],
    },
    {
      name: "the log shows the path of a request",
      find: '?.path ?? "unknown"',
      replace: '?.path && c.req.path || "unknown"',
      tests: ["api/operations/request-line"],
    },
    {
      name: "answers are stored by caches",
      find: 'c.res.headers.set("Cache-Control", "no-store");',
      replace: "{}",
      tests: ["api/operations/response-headers"],
    },
    {
      name: "a 405 does not say what is allowed",
      find: 'new Problem("method-not-allowed", { headers: { allow: allow.join(", ") } })',
      replace: 'new Problem("method-not-allowed")',
      tests: ["api/structure/methods"],
    },
  ],
  "lib/handle.ts": [
    {
      name: "other sites may use the cookie",
      find: 'if (op.auth === "session-cookie") requireOwnOrigin(c.req.raw.headers, env);',
      replace: "requireOwnOrigin;",
      tests: ["api/auth/cross-site"],
    },
    {
      name: "anybody may run the cron",
      find: 'if (op.auth === "cron-secret") requireCronSecret(c.req.header("authorization"), env.CRON_SECRET);',
      replace: "requireCronSecret;",
      tests: ["api/mail/cron"],
    },
    {
      name: "the role of an admin is not asked for",
      find: '...(op.auth === "admin" ? { role: "admin" } : {})',
      replace: "",
      tests: ["api/admin/access"],
    },
  ],
  "lib/http/body.ts": [
    {
      name: "a form of another site is read as JSON",
      find: "if (!type || !accepted.includes(type)) {",
      replace: "if (!type) {",
      tests: ["api/input/bodies"],
    },
  ],
  "lib/http/client-address.ts": [
    {
      name: "a caller says itself which address it has",
      find: 'headers.get("x-real-ip")',
      replace: 'headers.get("x-forwarded-for")',
      tests: ["auth/client-block"],
    },
    {
      name: "each address of an IPv6 customer has a budget of its own",
      find: ".slice(0, 4).join",
      replace: ".slice(0, 8).join",
      tests: ["auth/client-block"],
    },
  ],
  "lib/http/origins.ts": [
    {
      name: "a domain that begins alike is our own",
      find: "origin === env.APP_URL ||",
      replace: 'origin.startsWith(env.APP_URL ?? "-") ||',
      tests: ["api/auth/cross-site"],
    },
    {
      name: "a cross-site request without an origin is our own",
      find: 'origin === null ? site === null || site === "none" :',
      replace: "origin === null ? true :",
      tests: ["api/auth/cross-site"],
    },
    {
      name: "a sibling domain is our own site",
      find: 'if (site === "same-origin") return;',
      replace: 'if (site?.startsWith("same-")) return;',
      tests: ["api/auth/cross-site"],
    },
  ],
  "lib/http/validation.ts": [
    {
      name: "a problem lists as many faults as the caller likes",
      find: ".slice(0, maxErrors)",
      replace: ".slice(0, maxErrors * 1000)",
      tests: ["api/input/queries"],
    },
  ],
};
