import { emailPages } from "./email-pages.js";

// Each function of a process is a separate bundle, so the counter they share lives on the global object.
const shared = Symbol.for("latchkey.bench.emails");
const emails: { pending: number } = Reflect.get(globalThis, shared) ?? { pending: 0 };
Reflect.set(globalThis, shared, emails);

/** Sends an email with one plain request after the response. A failure ends the process, and with it the run. */
export function sendEmail(kind: keyof typeof emailPages, to: string, token: string): void {
  emails.pending += 1;
  // Deferred, so that a response that is ready goes out first.
  setImmediate(async () => {
    await post(to, `http://localhost:3000/${emailPages[kind]}#token=${token}`);
    emails.pending -= 1;
  });
}

async function post(to: string, link: string): Promise<void> {
  const text = `Follow this link: ${link}`;
  const response = await fetch(`${process.env["RESEND_BASE_URL"]}/emails`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${process.env["RESEND_API_KEY"]}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ from: "App <app@peer.test>", to, subject: "A link for you", text }),
  });
  await response.text();
  if (!response.ok) throw new Error(`Resend returned ${response.status}`);
}
