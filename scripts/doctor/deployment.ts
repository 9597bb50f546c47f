import type { Check, Finding } from "./finding.js";
import { senderCheck } from "./mail-sender.js";
import { proxyCheck } from "./proxy.js";

type Ask = (url: URL, init?: RequestInit) => Promise<Response>;
type Examine = (origin: URL, ask: Ask) => Promise<Finding | undefined>;

const maxClockSkewSeconds = 30;
const deadlineMs = 20_000;

/** Checks a deployment from the outside, without changing anything and without sending email. */
export async function examineDeployment(
  url: string,
  { ask = fetch, env = {} }: { ask?: Ask; env?: Record<string, string | undefined> } = {},
): Promise<Check[]> {
  const origin = new URL(url);
  const askWithDeadline: Ask = (target, init) =>
    ask(target, { ...init, signal: AbortSignal.timeout(deadlineMs) });
  const checks: Check[] = [];
  for (const [name, examine] of Object.entries(examinations)) {
    const finding = await examine(origin, askWithDeadline).catch((error: unknown) => noResponse(error));
    checks.push(finding ? { name, finding } : { name });
    // Without a response here, every other check would fail for the same reason.
    if (name === "health" && finding) return checks;
  }
  const proxy = await proxyCheck(origin, askWithDeadline, env).catch(
    (error: unknown): Check => ({ name: "proxy", finding: noResponse(error) }),
  );
  return [...checks, proxy, await senderCheck(env)];
}

const noResponse = (error: unknown): Finding => ({
  what: `No response (${error instanceof Error ? error.message : error})`,
  fix: "Check the URL, and that the deployment is ready and not behind Vercel's deployment protection.",
});

const examinations: Record<string, Examine> = {
  async health(origin, ask) {
    const response = await ask(new URL("/api/health", origin));
    if (response.ok && (await jsonOf(response))["status"] === "ok") return undefined;
    return {
      what: `GET /api/health returns ${response.status}`,
      fix: "Check that this is Latchkey. Vercel's deployment protection returns 401: turn it off for production.",
    };
  },

  async clock(origin, ask) {
    const before = Date.now();
    const { time } = await jsonOf(await ask(new URL("/api/health", origin)));
    const serverTime = Date.parse(String(time));
    const skewMs = serverTime < before ? before - serverTime : Math.max(0, serverTime - Date.now());
    if (skewMs <= maxClockSkewSeconds * 1000) return undefined;
    return {
      what: `The deployment's clock differs from yours by ${Math.round(skewMs / 1000)} s`,
      fix: "Set the clock of this machine. Vercel's is accurate, and the expiry of tokens and links depends on it.",
    };
  },

  async ready(origin, ask) {
    const response = await ask(new URL("/api/ready", origin));
    if (response.ok) return undefined;
    const { code, detail } = await jsonOf(response);
    const fixes: Record<string, string> = {
      "server-misconfigured":
        "Set the variables named in the deployment's log, or apply the migrations: npm run db:migrate -- --production",
      "database-unavailable": "Check Neon's status and the deployment's DATABASE_URL.",
    };
    return {
      what: `GET /api/ready returns ${response.status} ${code ?? ""}${detail ? `: ${detail}` : ""}`,
      fix: fixes[String(code)] ?? "Read the deployment's log.",
    };
  },

  async cookie(origin, ask) {
    // Signing out without a session clears the cookie, with the attributes that signing in would set.
    const response = await ask(new URL("/api/auth/logout", origin), { method: "POST" });
    const cookie = response.headers.getSetCookie()[0];
    if (!cookie) return misconfigured("POST /api/auth/logout", response);
    const isLocal = origin.protocol === "http:";
    const expected = isLocal
      ? ["latchkey=", "HttpOnly"]
      : ["__Host-latchkey=", "HttpOnly", "Secure", "Path=/"];
    const missing = expected.filter((part) => !cookie.includes(part));
    if (missing.length === 0) return undefined;
    return { what: `The cookie lacks ${missing.join(", ")}`, fix: "Set APP_URL to the https origin." };
  },

  async CORS(origin, ask) {
    const own = await allowedOrigin(origin, ask, origin.origin);
    if (own !== origin.origin) {
      return {
        what: `The deployment does not accept ${origin.origin} as its own origin, so sign-in and emailed links fail`,
        fix: `Set APP_URL to ${origin.origin}, or run the doctor with the origin in APP_URL.`,
      };
    }
    const foreign = await allowedOrigin(origin, ask, "https://latchkey-doctor.invalid");
    if (foreign === null) return undefined;
    return {
      what: "The deployment accepts requests from pages of any origin",
      fix: "List only your own origins in CORS_ORIGINS.",
    };
  },

  async mail(origin, ask) {
    // This address cannot exist. The response is the same as for an account, and no email is sent.
    const body = JSON.stringify({ email: `doctor-${crypto.randomUUID()}@example.invalid` });
    const headers = { "content-type": "application/json" };
    const url = new URL("/api/auth/resend-verification", origin);
    const response = await ask(url, { method: "POST", headers, body });
    return response.status === 202
      ? undefined
      : misconfigured("POST /api/auth/resend-verification", response);
  },
};

async function allowedOrigin(origin: URL, ask: Ask, from: string): Promise<string | null> {
  const headers = { origin: from, "access-control-request-method": "POST" };
  const response = await ask(new URL("/api/auth/login", origin), { method: "OPTIONS", headers });
  return response.headers.get("access-control-allow-origin");
}

async function misconfigured(what: string, response: Response): Promise<Finding> {
  const { code } = await jsonOf(response);
  return {
    what: `${what} returns ${response.status} ${code ?? ""}`.trimEnd(),
    fix:
      code === "rate-limited"
        ? "Wait a few minutes: the deployment received too many requests from this address."
        : "Set the variables named in the deployment's log, and redeploy.",
  };
}

async function jsonOf(response: Response): Promise<Record<string, unknown>> {
  const body: unknown = await response.json().catch(() => null);
  return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
}
