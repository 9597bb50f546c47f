import { expect } from "vitest";
import type { Stack } from "../../stack/stack.js";
import { emailedTokens, goodPassword, newEmail, subjects } from "../../stack/users.js";

export type Step =
  | "a stranger signs up"
  | "the stranger requests the email again"
  | "the stranger repeats"
  | "the owner signs up"
  | "the owner opens a link";

/** Every order of two lists that keeps the order within each. */
export function interleavings<T>(left: readonly T[], right: readonly T[]): T[][] {
  const [first, ...rest] = left;
  const [other, ...others] = right;
  if (first === undefined || other === undefined) return [[...left, ...right]];
  return [
    ...interleavings(rest, right).map((tail) => [first, ...tail]),
    ...interleavings(left, others).map((tail) => [other, ...tail]),
  ];
}

export type Choice = { opened: "newest" | "oldest"; way: "in their browser" | "in another browser" };
type Person = { name: string; password: string; client: ReturnType<Stack["client"]>; registration?: string };

/** One address that a stranger and its owner sign up with. Only the owner reads the mailbox. */
export function createTakeover(stack: Stack, { opened, way }: Choice) {
  const email = newEmail();
  const person = (name: string): Person => ({ name, password: goodPassword(), client: stack.client() });
  const [stranger, owner] = [person("A stranger"), person("The owner")];
  const typed = goodPassword();
  let links = 0;
  /** The password that the owner has proved or typed, once a link was opened. */
  let effective: string | undefined;

  const verify = (client: Person["client"], json: Record<string, string | undefined>) =>
    client.post("/api/auth/verify-email", json);
  const login = (password: string) => stack.client().post("/api/auth/login", { email, password });
  const userRows = () => stack.sql("select * from users where email = $1", [email]);
  const mailedLinks = () => emailedTokens(stack, email, subjects.verify, links);

  async function signUp(by: Person) {
    const { name, password } = by;
    const headers = { "idempotency-key": name.replace(" ", "-") };
    const response = await by.client.post("/api/auth/register", { email, name, password }, { headers });
    expect(response.status).toBe(202);
    const isReplay = response.headers.get("idempotent-replayed") === "true";
    if (effective === undefined && !isReplay) links += 1;
    by.registration = String(response.json.registration);
  }

  async function openLink() {
    const received = await mailedLinks();
    const token = String(opened === "newest" ? received[0] : received.at(-1));
    const { registration } = owner;
    if (way === "in their browser") {
      expect((await verify(owner.client, { token, registration })).json.user).toMatchObject({
        name: owner.name,
      });
      effective = owner.password;
      return;
    }
    const another = stack.client();
    expect((await verify(another, { token })).code).toBe("password-required");
    expect((await verify(another, { token, password: typed })).json.user).toMatchObject({ email });
    effective = typed;
  }

  const steps: Record<Step, () => Promise<unknown>> = {
    "a stranger signs up": () => signUp(stranger),
    "the stranger repeats": () => signUp(stranger),
    async "the stranger requests the email again"() {
      await stranger.client.post("/api/auth/resend-verification", { email });
      if (effective === undefined) links += 1;
    },
    "the owner signs up": () => signUp(owner),
    "the owner opens a link": openLink,
  };

  return {
    play: (step: Step) => steps[step](),
    async expectNoStrangerInside() {
      expect(stranger.client.cookies.size).toBe(0);
      if (effective === undefined) expect(await userRows()).toEqual([]);
      else expect((await login(stranger.password)).code).toBe("invalid-credentials");
    },
    async expectOwnerInside() {
      expect((await login(String(effective))).status).toBe(200);
      expect(await userRows()).toHaveLength(1);
      for (const other of [owner.password, typed].filter((password) => password !== effective))
        expect((await login(other)).code).toBe("invalid-credentials");
    },
    /** Every link of the mailbox, with every secret and password that is not the effective one. */
    async expectLinksToChangeNothing() {
      const before = await userRows();
      for (const token of new Set(await mailedLinks())) {
        const { registration } = stranger;
        expect((await verify(stranger.client, { token, registration })).code).toBe("password-required");
        const guess = { token, registration, password: stranger.password };
        expect((await verify(stranger.client, guess)).code).toBe("invalid-credentials");
      }
      expect(await userRows()).toEqual(before);
      expect(stranger.client.cookies.size).toBe(0);
    },
  };
}
