import { setTimeout as sleep } from "node:timers/promises";
import { goodPassword, newEmail, subjects } from "../../stack/people.js";
import { seeded } from "../random.js";
import type { CrashingStack } from "./crashing-stack.js";
import { type Reply, type RetryingClient, retryingClient } from "./retrying-client.js";
import { workOnTasks } from "./task-list.js";

/** How often something was promised, and how often a request for it went without answer. */
export type Count = { answered: number; unheard: number };

/** Somebody at the end of the journey, and what the API has told them. */
export type Traveller = {
  email: string;
  registered: Count;
  forgot: Count;
  /** How often a password was set through a link. */
  changes: number;
  loggedIn: Count;
  /** The cookie of a session that must still live; null after a logout. */
  cookie: string | null;
};

const count = ({ interruptions }: Reply): Count => ({ answered: 1, unheard: interruptions });

function expectStatus(reply: Reply, what: string, wanted: number, whenUnheard?: string): void {
  if (reply.status === wanted) return;
  if (whenUnheard !== undefined && reply.interruptions > 0 && reply.code === whenUnheard) return;
  throw new Error(`${what}: ${reply.status} after ${reply.interruptions} interruptions: ${reply.text}`);
}

/** From registration to logout, as a client goes on that repeats what was not answered. */
export async function travel(
  world: CrashingStack,
  seed: number,
  onInterruption: (operation: string) => void,
): Promise<Traveller> {
  const random = seeded(seed);
  const client = retryingClient(world, onInterruption);
  const [email, password, newPassword] = [newEmail(), goodPassword(), goodPassword()];
  const post = (path: string, json?: unknown) =>
    client.send("POST", `/api/auth/${path}`, json === undefined ? {} : { json });

  const registered = await post("register", { email, password, name: "Ada Lovelace" });
  expectStatus(registered, "register", 202);
  const changes = await confirm(world, client, { email, password }, registered.interruptions > 0);
  const login = await post("login", { email, password });
  expectStatus(login, "login", 200);
  const refreshed = await post("refresh");
  expectStatus(refreshed, "refresh", 200);
  await workOnTasks(client, refreshed.json.accessToken);
  expectStatus(await post("refresh"), "second refresh", 200);

  const forgot = await post("forgot-password", { email });
  expectStatus(forgot, "forgot-password", 202);
  const { token } = await mailed(world, client, email, [subjects.reset]);
  expectStatus(await post("reset-password", { token, password: newPassword }), "reset", 204, "invalid-link");
  const ended = await post("refresh");
  expectStatus(ended, "refresh after the reset", 401);
  const again = await post("login", { email, password: newPassword });
  expectStatus(again, "login with the new password", 200);
  expectStatus(await post("refresh"), "refresh of the new session", 200);

  const cookie = jarOf(client);
  const isLeaving = random.next() < 0.5;
  if (isLeaving) await leave(client, cookie);
  return {
    email,
    registered: count(registered),
    forgot: count(forgot),
    changes: changes + 1,
    loggedIn: { answered: 2, unheard: login.interruptions + again.interruptions },
    cookie: isLeaving ? null : cookie,
  };
}

/**
 * Follows the link of a registration. Who has registered twice, because no answer came, may have to choose the
 * password once more. @returns how often a password was set
 */
async function confirm(
  world: CrashingStack,
  client: RetryingClient,
  { email, password }: { email: string; password: string },
  isPerhapsTwice: boolean,
): Promise<number> {
  const { verify, finish } = subjects;
  const first = await mailed(world, client, email, isPerhapsTwice ? [finish, verify] : [verify]);
  if (first.subject === verify) {
    const json = { token: first.token };
    const verified = await client.send("POST", "/api/auth/verify-email", { json });
    if (!isPerhapsTwice) expectStatus(verified, "verify-email", 200, "invalid-link");
    if (verified.status === 200 || (await isVerified(world, email))) return 0;
  }
  const { token } = first.subject === finish ? first : await mailed(world, client, email, [finish]);
  const reply = await client.send("POST", "/api/auth/reset-password", { json: { token, password } });
  expectStatus(reply, "choosing the password", 204, "invalid-link");
  return 1;
}

const isVerified = async (world: CrashingStack, email: string) =>
  (await world.sql("select from users where email = $1 and email_verified_at is not null", [email])).length >
  0;

const jarOf = (client: RetryingClient) =>
  [...client.cookies].map(([name, value]) => `${name}=${value}`).join("; ");

async function leave(client: RetryingClient, cookie: string): Promise<void> {
  expectStatus(await client.send("POST", "/api/auth/logout"), "logout", 204);
  expectStatus(await client.send("POST", "/api/auth/refresh", { cookie }), "refresh after the logout", 401);
}

/** Far more than it takes, as kills strike those who deliver, too. */
const patienceMs = 90_000;

/**
 * The newest mail with one of these subjects, the first of them first. One whose sender was killed comes with the
 * cron once its lease is over.
 */
async function mailed(
  world: CrashingStack,
  client: RetryingClient,
  email: string,
  wanted: string[],
): Promise<{ subject: string; token: string }> {
  const until = Date.now() + patienceMs;
  for (let round = 1; Date.now() < until; round += 1) {
    const mails = await world.resend.control.mails(email);
    for (const subject of wanted) {
      const mail = mails.find((m) => m.subject === subject);
      const token = /#token=([\w-]+)/.exec(mail?.text ?? "")?.[1];
      if (token) return { subject, token };
    }
    await sleep(60);
    if (round % 25 > 0) continue;
    await world.releaseLeases(email);
    await client.send("GET", "/api/cron/outbox", { token: world.cronSecret });
  }
  const came = (await world.resend.control.mails(email)).map(({ subject }) => subject);
  const promised = await world.sql(
    "select o.kind, o.attempts, o.due_at, o.sent_at, o.dead_at from outbox o join users u on u.id = o.user_id where u.email = $1",
    [email],
  );
  throw new Error(`no mail "${wanted}" has come; came: ${came}; promised: ${JSON.stringify(promised)}`);
}
