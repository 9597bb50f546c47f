import { Resend } from "resend";
import type { Check } from "./finding.js";

const name = "mail sender";

/**
 * Checks that Resend lets the domain of MAIL_FROM send. A deployment does not reveal its key, so this uses the key in
 * `.env` or `.env.production`.
 */
export async function senderCheck(env: Record<string, string | undefined>): Promise<Check> {
  const { RESEND_API_KEY: key, MAIL_FROM: from, RESEND_BASE_URL: baseUrl } = env;
  const domain = /@([^\s<>@]+)>?$/.exec(from ?? "")?.[1];
  if (!key || !domain) {
    return { name: `${name} (skipped: RESEND_API_KEY and MAIL_FROM are not set here)` };
  }
  const { data, error } = await new Resend(key, baseUrl ? { baseUrl } : {}).domains.list();
  if (error?.name === "restricted_api_key") {
    return { name: `${name} (skipped: the key can only send, as it should)` };
  }
  if (error?.name === "not_found") return { name: `${name} (skipped: emails go to the local mailbox)` };
  if (error) {
    return {
      name,
      finding: {
        what: `Resend refuses the key: ${error.message}`,
        fix: "Create a new key at resend.com/api-keys.",
      },
    };
  }
  const match = data.data.find(
    (candidate) => domain === candidate.name || domain.endsWith(`.${candidate.name}`),
  );
  if (match?.status === "verified") return { name };
  return {
    name,
    finding: {
      what: `${domain} is ${match ? match.status : "not a domain"} at Resend, which refuses its emails`,
      fix: "Verify the domain at resend.com/domains, or change MAIL_FROM.",
    },
  };
}
