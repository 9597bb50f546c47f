import type { BrowserContext } from "playwright-core";
import { seedUser } from "../stack/seed.js";
import type { Stack } from "../stack/stack.js";
import { signUp, signUpAdmin, type TestUser } from "../stack/users.js";

/** The stack and the people behind the views. */
export type SampleUsers = { stack: Stack; person: TestUser; admin: TestUser };

export async function createSampleUsers(stack: Stack): Promise<SampleUsers> {
  const person = await signUp(stack, { name: "Ada Lovelace" });
  const admin = await signUpAdmin(stack);
  await stack.sql("update users set name = 'Grace Hopper' where id = $1", [admin.id]);
  const tasks = [
    { title: "Return the library books", status: "done" },
    {
      title: "Book the ferry to Skagen",
      description: "Four people, one dog.\nThe late one if there is a choice.",
      priority: 2,
      due: { date: dayFromNow(1), time: "09:30", timeZone: "UTC" },
    },
    {
      title:
        "Write to the landlord about the boiler, the draught in the hall and the key that nobody can find",
      priority: 3,
      due: { date: dayFromNow(-2) },
    },
    {
      title: "Repair the bicycle",
      status: "in_progress",
      description: "New chain; look at the brakes too.",
      priority: 1,
    },
    { title: "Water the plants", due: { date: dayFromNow(400) } },
  ];
  for (const task of tasks) await person.client.post("/api/tasks", task, { token: person.token });
  for (const name of ["Katherine Johnson", "Hedy Lamarr", "Mary Jackson"]) await seedUser(stack, { name });
  const leaver = await seedUser(stack, { name: "Annie Easley" });
  const banned = await signUp(stack, { name: "Mallory Nohope" });
  await insertDevices(stack, person);
  const change = ({ id }: { id: string }, members: object) =>
    admin.client.patch(`/api/admin/users/${id}`, members, { token: admin.token });
  await change(leaver, { role: "admin" });
  await change(leaver, { role: "user" });
  await admin.client.delete(`/api/admin/users/${leaver.id}`, { token: admin.token });
  await change(banned, { banned: true });
  return { stack, person, admin };
}

const dayFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** The sessions of a person on other devices, one of them signed in with an earlier release. */
export async function insertDevices({ sql }: Stack, { id }: TestUser): Promise<void> {
  await sql(
    `insert into sessions (id, user_id, epoch, rotated_at, browser, os, device_kind, place, idle_expires_at, expires_at)
     select gen_random_uuid(), $1, 0, now() - device.unused, device.browser, device.os, device.kind, device.place,
            now() + interval '1 day', now() + interval '2 days'
       from (values (interval '310 seconds', 'Safari', 'iOS', 'phone', 'near Aarhus, DK'),
                    (interval '26 hours', 'Samsung Internet', 'Android', 'tablet',
                     'near Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch, GB'),
                    (interval '6 days', null, null, null, null)) as device (unused, browser, os, kind, place)`,
    [id],
  );
}

/** Signs a context in without the form, by giving it the session cookie. */
export async function signInContext(context: BrowserContext, stack: Stack, { email, password }: TestUser) {
  const client = stack.client();
  const response = await client.post("/api/auth/login", { email, password });
  if (response.status !== 200) throw new Error(response.text);
  const cookies = [...client.cookies].map(([name, value]) => ({
    name,
    value,
    domain: "localhost",
    path: "/",
    httpOnly: true,
    sameSite: "Strict" as const,
  }));
  await context.addCookies(cookies);
  await context.addInitScript(() => {
    // A blank page has no storage.
    if (location.protocol !== "about:") localStorage.setItem("latchkey-session", "1");
  });
}
