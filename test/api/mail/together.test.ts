import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { subjects } from "../../stack/people.js";
import { plant } from "../../stack/planted.js";
import { type Stack, startStack, waitFor } from "../../stack/stack.js";
import { makeDue, rowsOf, runCron } from "./outbox-rows.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());
afterEach(() => stack.neon.heal(stack.databaseName));

const mails = 16;
/** In the text of the statement that writes down how mails went. */
const writingDown = "update outbox as o";

/** Asks for so many mails at once. */
async function askForMails(): Promise<string[]> {
  const people = await Promise.all(Array.from({ length: mails }, () => plant(stack)));
  await stack.neon.reset(stack.databaseName);
  const answers = await Promise.all(
    people.map(({ client, email }) => client.post("/api/auth/forgot-password", { email })),
  );
  expect(answers.map(({ status }) => status)).toEqual(people.map(() => 202));
  return people.map(({ email }) => email);
}

const tripsToWriteDown = async () =>
  (await stack.neon.stats(stack.databaseName)).recent.filter((texts) =>
    texts.some((text) => text.includes(writingDown)),
  ).length;

const allSent = (emails: string[]) =>
  waitFor(async () => {
    const rows = (await Promise.all(emails.map((email) => rowsOf(stack, email)))).flat();
    return rows.length === mails && rows.every(({ isSent }) => isSent) ? rows : undefined;
  }, 30_000);

async function expectOneMailEach(emails: string[]): Promise<void> {
  for (const email of emails) {
    expect((await stack.mailbox.mails(email)).map(({ subject }) => subject)).toEqual([subjects.reset]);
  }
}

test("mails sent at once are written down in a few trips, and each is sent once", async () => {
  // As with a database that is far away.
  await stack.neon.inject(stack.databaseName, { fault: { kind: "slow", ms: 400 }, match: writingDown });
  const emails = await askForMails();
  expect((await allSent(emails)).map(({ attempts }) => attempts)).toEqual(emails.map(() => 1));
  expect(await tripsToWriteDown()).toBeLessThanOrEqual(mails / 2);
  await expectOneMailEach(emails);
});

test("those whose writing down was lost together are sent again later, and make no second mail", async () => {
  await stack.neon.inject(
    stack.databaseName,
    { fault: { kind: "slow", ms: 500 }, match: writingDown, times: 1 },
    { fault: { kind: "500" }, match: writingDown },
  );
  const emails = await askForMails();
  for (const email of emails) await stack.mailbox.waitForMail(email);
  await stack.log((line) => line.msg === "outbox" && line["fault"] !== undefined);
  await stack.neon.heal(stack.databaseName);
  for (const email of emails) await makeDue(stack, email);
  await runCron(stack);
  await allSent(emails);
  await expectOneMailEach(emails);
});
