import { Resend } from "resend";
import type { Check } from "./finding.js";

const name = "mail sender";

/**
 * Whether Resend lets the domain of MAIL_FROM send. The deployment keeps its key to itself, so this looks with the
 * one of this machine's `.env`, when it has the same.
 */
export async function senderCheck(env: Record<string, string | undefined>): Promise<Check> {
  const { RESEND_API_KEY: key, MAIL_FROM: from, RESEND_BASE_URL: baseUrl } = env;
  const domain = /@([^\s<>@]+)>?$/.exec(from ?? "")?.[1];
  if (!key || !domain) {
    return { name: `${name} (not looked at: put RESEND_API_KEY and MAIL_FROM into .env for that)` };
  }
  const { data, error } = await new Resend(key, baseUrl ? { baseUrl } : {}).domains.list();
  if (error?.name === "restricted_api_key") {
    return { name: `${name} (not looked at: the key may only send, which is as it should be)` };
  }
  if (error?.name === "not_found")
    return { name: `${name} (not looked at: mails go to a mailbox of this machine)` };
  if (error) {
    return {
      name,
      finding: { what: `Resend refuses the key: ${error.message}`, fix: "Create a new key there." },
    };
  }
  const known = data.data.find(
    (candidate) => domain === candidate.name || domain.endsWith(`.${candidate.name}`),
  );
  if (known?.status === "verified") return { name };
  return {
    name,
    finding: {
      what: `${domain} is ${known ? known.status : "not a domain"} at Resend, so mails are refused`,
      fix: "Verify the domain at resend.com/domains, or change MAIL_FROM.",
    },
  };
}
