import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, newEmail } from "../../stack/users.js";
import { insertDueEmails } from "./outbox-emails.js";
import { makeDue, rowsOf, rowWhen, runCron } from "./outbox-rows.js";

const account = () => ({ email: newEmail(), password: goodPassword(), name: "Ada" });

describe("two deployments on one database", () => {
  let production: Stack;
  let preview: Stack;
  beforeAll(async () => {
    production = await startStack({ env: { APP_URL: "https://app.latchkey.test" } });
    preview = await startStack({ sharing: production, env: { APP_URL: "https://preview.latchkey.test" } });
  });
  afterAll(async () => {
    await preview.stop();
    await production.stop();
  });

  beforeEach(() => Promise.all([production.waitUntilIdle(), preview.waitUntilIdle()]));

  async function failedSignUp(stack: Stack): Promise<string> {
    const ada = account();
    await stack.mailbox.inject({ fault: "500", times: 1, to: ada.email });
    await stack.client().post("/api/auth/register", ada);
    await rowWhen(stack, ada.email, ({ error }) => error !== null);
    await makeDue(stack, ada.email);
    return ada.email;
  }

  // @proof emails-belong-to-their-deployment
  test("neither the cron nor a request of one sends an email of the other", async () => {
    const email = await failedSignUp(production);
    expect((await runCron(preview)).json).toMatchObject({ claimed: 0, dead: 0 });
    await preview.client().post("/api/auth/register", account());
    await preview.waitUntilIdle();
    expect(await rowsOf(production, email)).toMatchObject([{ attempts: 1, isSent: false }]);
    expect((await runCron(production)).json).toMatchObject({ claimed: 1 });
    await rowWhen(production, email, ({ isSent }) => isSent);
    const [mail] = await production.mailbox.mails(email);
    expect(mail?.text).toContain("https://app.latchkey.test/verify-email#");
  });

  test("the email of a deployment that is gone ends as dead once it has expired", async () => {
    const email = await failedSignUp(preview);
    await production.sql("update outbox set expires_at = now() where recipient = $1", [email]);
    expect((await runCron(production)).json).toMatchObject({ claimed: 0, dead: 1 });
    expect(await production.mailbox.mails(email)).toEqual([]);
  });

  test("an email without a deployment, as release 0.1 inserts it, is sent by any", async () => {
    const { email } = await insertDueEmails(production, 1);
    expect((await runCron(preview)).json).toMatchObject({ claimed: 1 });
    await rowWhen(preview, email, ({ isSent }) => isSent);
  });
});
