import type { Check, Finding } from "./finding.js";
import { senderCheck } from "./mail-sender.js";

type Ask = (url: URL, init?: RequestInit) => Promise<Response>;
type Examine = (origin: URL, ask: Ask) => Promise<Finding | undefined>;

const maxClockSkewSeconds = 30;
const deadlineMs = 20_000;

/** What a deployment shows to those outside: nothing is changed, and no mail is sent. */
export async function examineDeployment(
  url: string,
  { ask = fetch, env = {} }: { ask?: Ask; env?: Record<string, string | undefined> } = {},
): Promise<Check[]> {
  const origin = new URL(url);
  const patient: Ask = (target, init) => ask(target, { ...init, signal: AbortSignal.timeout(deadlineMs) });
  const checks: Check[] = [];
  for (const [name, examine] of Object.entries(examinations)) {
    const finding = await examine(origin, patient).catch((error: unknown) => unreachable(error));
    checks.push(finding ? { name, finding } : { name });
    // Where nothing answers, the rest would say the same again.
    if (name === "health" && finding) return checks;
  }
  return [...checks, await senderCheck(env)];
}

const unreachable = (error: unknown): Finding => ({
  what: `No answer (${error instanceof Error ? error.message : error})`,
  fix: "Is the address right, and the deployment ready and not behind Vercel's login?",
});

const examinations: Record<string, Examine> = {
  async health(origin, ask) {
    const response = await ask(new URL("/api/health", origin));
    if (response.ok && (await jsonOf(response))["status"] === "ok") return undefined;
    return {
      what: `GET /api/health answers ${response.status}`,
      fix: "Is this Latchkey? Vercel's deployment protection answers 401; switch it off for production.",
    };
  },

  async clock(origin, ask) {
    const before = Date.now();
    const { time } = await jsonOf(await ask(new URL("/api/health", origin)));
    const there = Date.parse(String(time));
    const skewMs = there < before ? before - there : Math.max(0, there - Date.now());
    if (skewMs <= maxClockSkewSeconds * 1000) return undefined;
    return {
      what: `Its clock and yours differ by ${Math.round(skewMs / 1000)} s`,
      fix: "Set the clock of this machine; Vercel's is kept right. Tokens and links expire by it.",
    };
  },

  async ready(origin, ask) {
    const response = await ask(new URL("/api/ready", origin));
    if (response.ok) return undefined;
    const { code, detail } = await jsonOf(response);
    const fixes: Record<string, string> = {
      "server-misconfigured":
        "Set the variables that its log names, or apply the migrations: npm run db:migrate",
      "database-unavailable": "Look at Neon's status, and at DATABASE_URL of the deployment.",
    };
    return {
      what: `GET /api/ready answers ${response.status} ${code ?? ""}${detail ? `: ${detail}` : ""}`,
      fix: fixes[String(code)] ?? "Look at its log.",
    };
  },

  async cookie(origin, ask) {
    // Clears the cookie that we do not have, with the attributes that it would be set with.
    const response = await ask(new URL("/api/auth/logout", origin), { method: "POST" });
    const line = response.headers.getSetCookie()[0];
    if (!line) return misconfigured("POST /api/auth/logout", response);
    const isLocal = origin.protocol === "http:";
    const wanted = isLocal ? ["latchkey=", "HttpOnly"] : ["__Host-latchkey=", "HttpOnly", "Secure", "Path=/"];
    const missing = wanted.filter((part) => !line.includes(part));
    if (missing.length === 0) return undefined;
    return { what: `The cookie lacks ${missing.join(", ")}`, fix: "Set APP_URL to the https origin." };
  },

  async CORS(origin, ask) {
    const own = await allowedOrigin(origin, ask, origin.origin);
    if (own !== origin.origin) {
      return {
        what: `Pages of ${origin.origin} are not its own, so sign-in and mailed links would fail`,
        fix: `Set APP_URL to ${origin.origin}, or call the doctor with the origin that it has.`,
      };
    }
    const foreign = await allowedOrigin(origin, ask, "https://latchkey-doctor.invalid");
    if (foreign === null) return undefined;
    return { what: "Pages of any origin may call it", fix: "List in CORS_ORIGINS only what is yours." };
  },

  async mail(origin, ask) {
    // An address that cannot exist: the answer is the same, and no mail goes out.
    const body = JSON.stringify({ email: `doctor-${crypto.randomUUID()}@example.invalid` });
    const headers = { "content-type": "application/json" };
    const url = new URL("/api/auth/resend-verification", origin);
    const response = await ask(url, { method: "POST", headers, body });
    return response.status === 202 ? undefined : misconfigured("What sends mail", response);
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
    what: `${what} answers ${response.status} ${code ?? ""}`.trimEnd(),
    fix:
      code === "rate-limited"
        ? "Wait a few minutes; it was asked too often from here."
        : "Set the variables that its log names, and redeploy.",
  };
}

async function jsonOf(response: Response): Promise<Record<string, unknown>> {
  const body: unknown = await response.json().catch(() => null);
  return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
}
