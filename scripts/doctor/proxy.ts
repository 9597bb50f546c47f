import type { Check } from "./finding.js";

const name = "proxy";
const paths = ["/", "/api/health"];

/**
 * Warns about a host in front of Vercel that might forward `/api`, unless PROXY_SECRET lets it state its visitors'
 * addresses. Vercel names itself in every response, and such a host usually replaces the name. A host that passes on
 * the headers of Vercel, such as a rewrite in another Vercel project, goes unnoticed.
 */
export async function proxyCheck(
  origin: URL,
  ask: (url: URL) => Promise<Response>,
  { PROXY_SECRET: secret }: Record<string, string | undefined>,
): Promise<Check> {
  if (origin.protocol === "http:") return { name: `${name} (skipped without https)` };
  const signs: string[] = [];
  for (const path of paths) {
    const { headers } = await ask(new URL(path, origin));
    const [sign] = signsOfProxy(headers);
    if (sign !== undefined) signs.push(`${sign} at ${path}`);
  }
  if (signs.length === 0) return { name: `${name} (no sign of one)` };
  const seen = signs.join(", ");
  if (secret) return { name: `${name} (${seen}; PROXY_SECRET is set here)` };
  return {
    name,
    finding: {
      what: `A host in front of Vercel responds (${seen}), and PROXY_SECRET is not set here`,
      fix:
        "If it forwards /api, all its visitors share one rate limit: see docs/deploy.md, " +
        "“A front end that forwards /api”. If Vercel has the secret, put it into .env.production too.",
      isWarning: true,
    },
  };
}

const maxShown = 40;

function signsOfProxy(headers: Headers): string[] {
  const [server, via] = [headers.get("server"), headers.get("via")];
  return [
    ...(server === "Vercel" ? [] : [`server: ${server ?? "not set"}`]),
    ...(via === null ? [] : [`via: ${via}`]),
    ...(headers.has("x-vercel-id") ? [] : ["no x-vercel-id"]),
  ].map((sign) => sign.slice(0, maxShown));
}
