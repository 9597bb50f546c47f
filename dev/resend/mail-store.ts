import { randomUUID } from "node:crypto";
import { join } from "node:path";
import * as z from "zod";
import { bareAddress, type Email } from "./email.js";
import { openJournal, readJournal } from "./journal.js";

const MAX_MAILS = 1_000;
const KEY_LIFETIME_MS = 24 * 60 * 60 * 1_000;

const storedMail = z.object({
  id: z.uuid(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  createdAt: z.iso.datetime(),
});
const rememberedRequest = z.object({
  key: z.string(),
  fingerprint: z.string(),
  answer: z.unknown(),
  atMs: z.number(),
});
const entrySchema = z.object({
  mails: z.array(storedMail).optional(),
  request: rememberedRequest.optional(),
  emptied: z.literal(true).optional(),
});

export type StoredMail = z.infer<typeof storedMail>;
type RememberedRequest = z.infer<typeof rememberedRequest>;
type Entry = z.infer<typeof entrySchema>;

/** Mails and answered idempotency keys; in memory only without a directory. */
export type MailStore = {
  /** Changes with every change of the mails, and with every start. */
  version(): string;
  /** Newest first. */
  list(to?: string): StoredMail[];
  find(id: string): StoredMail | undefined;
  /** Keeps the mails and, in the same write, what a repetition of the request is answered. */
  accept(
    emails: Email[],
    toRequest: (ids: string[]) => Omit<RememberedRequest, "atMs"> | undefined,
  ): string[];
  remembered(key: string): RememberedRequest | undefined;
  empty(): void;
};

export function openMailStore(dataDir: string | undefined, now: () => number = Date.now): MailStore {
  const file = dataDir === undefined ? undefined : join(dataDir, "resend.jsonl");
  const journal = file === undefined ? undefined : openJournal<Entry>(file);
  const started = randomUUID();
  let mails: StoredMail[] = [];
  let requests = new Map<string, RememberedRequest>();
  let changes = 0;
  let entriesWritten = 0;

  function apply(entry: Entry): void {
    if (entry.emptied) mails = [];
    mails = [...mails, ...(entry.mails ?? [])].slice(-MAX_MAILS);
    if (entry.request) requests.set(entry.request.key, entry.request);
    changes += 1;
  }

  function compact(): void {
    requests = new Map([...requests].filter(([, { atMs }]) => now() - atMs < KEY_LIFETIME_MS));
    journal?.rewrite([
      ...mails.map((mail) => ({ mails: [mail] })),
      ...[...requests.values()].map((request) => ({ request })),
    ]);
    entriesWritten = 0;
  }

  function write(entry: Entry): void {
    journal?.append(entry);
    apply(entry);
    entriesWritten += 1;
    if (entriesWritten >= MAX_MAILS) compact();
  }

  if (file !== undefined) readJournal(file, entrySchema).forEach(apply);
  compact();

  return {
    version: () => `${started}-${changes}`,
    list: (to) => mails.filter((mail) => to === undefined || isFor(mail, to)).reverse(),
    find: (id) => mails.find((mail) => mail.id === id),
    accept(emails, toRequest) {
      const atMs = now();
      const accepted = emails.map((email) => toStored(email, new Date(atMs)));
      const ids = accepted.map(({ id }) => id);
      const request = toRequest(ids);
      write({ mails: accepted, ...(request && { request: { ...request, atMs } }) });
      return ids;
    },
    remembered(key) {
      const request = requests.get(key);
      return request && now() - request.atMs < KEY_LIFETIME_MS ? request : undefined;
    },
    empty: () => write({ emptied: true }),
  };
}

function isFor(mail: StoredMail, to: string): boolean {
  return mail.to.some((recipient) => bareAddress(recipient) === bareAddress(to));
}

function toStored({ from, to, subject, text, html }: Email, createdAt: Date): StoredMail {
  return { id: randomUUID(), from, to, subject, text, html, createdAt: createdAt.toISOString() };
}
