import { mailPages } from "./mail-pages.js";

// Functions of one process are bundles of their own: what they share stands on the global object.
const shared = Symbol.for("latchkey.bench.mails");
const mails: { underWay: number } = Reflect.get(globalThis, shared) ?? { underWay: 0 };
Reflect.set(globalThis, shared, mails);

/** Sends a mail by one plain request, without a library, for which no answer waits. */
export function sendMail(kind: keyof typeof mailPages, to: string, token: string): void {
  mails.underWay += 1;
  // Not at once, so that an answer that is ready goes first. A failure ends the process, and with it the run.
  setImmediate(async () => {
    await post(to, `http://localhost:3000/${mailPages[kind]}#token=${token}`);
    mails.underWay -= 1;
  });
}

async function post(to: string, link: string): Promise<void> {
  const text = `Follow this link: ${link}`;
  const answer = await fetch(`${process.env["RESEND_BASE_URL"]}/emails`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${process.env["RESEND_API_KEY"]}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ from: "App <app@peer.test>", to, subject: "A link for you", text }),
  });
  await answer.text();
  if (!answer.ok) throw new Error(`a mail was answered ${answer.status}`);
}
