import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedRegistration } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedTokens, goodPassword, newEmail, register, subjects } from "../../stack/users.js";
import { type Choice, createTakeover, interleavings, type Step } from "./takeover.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const verify = (token: string, registration?: string, password?: string) =>
  stack.client().post("/api/auth/verify-email", { token, registration, password });
const login = (email: string, password: string) =>
  stack.client().post("/api/auth/login", { email, password });

const stranger: Step[] = [
  "a stranger signs up",
  "the stranger requests the email again",
  "the stranger repeats",
];
/** The owner may open a link without having signed up, as the victim of a stranger's sign-up does. */
const owner: Step[] = ["the owner signs up", "the owner opens a link"];
const signUpsBeforeLink = (steps: Step[]) =>
  steps.slice(0, steps.indexOf("the owner opens a link")).filter((step) => step.endsWith("signs up"));
const sequences = [
  ...interleavings(stranger, owner),
  ...interleavings(stranger, [...owner].reverse()),
].filter((steps) => signUpsBeforeLink(steps).length > 0);

/** Which link the owner opens, and where, as far as the sequence leaves a choice. */
function choicesIn(steps: Step[]): Choice[] {
  const signUps = signUpsBeforeLink(steps);
  const links = signUps.length > 1 ? (["newest", "oldest"] as const) : (["newest"] as const);
  const places = signUps.includes("the owner signs up")
    ? (["in their browser", "in another browser"] as const)
    : (["in another browser"] as const);
  return links.flatMap((opened) => places.map((way) => ({ opened, way })));
}

describe("POST /api/auth/verify-email after a stranger and the owner have signed up, in every order", () => {
  test("covers every order in which the owner has a link to open", () => {
    expect(sequences).toHaveLength(16);
  });

  // @proof link-cannot-activate-foreign-password
  test.each(sequences.map((steps) => [steps.join(", "), steps] as const))(
    "lets only a password of the owner take effect: %s",
    async (_title, steps) => {
      for (const choice of choicesIn(steps)) {
        const takeover = createTakeover(stack, choice);
        for (const step of steps) {
          await takeover.play(step);
          await takeover.expectNoStrangerInside();
        }
        await takeover.expectOwnerInside();
        await takeover.expectLinksToChangeNothing();
      }
    },
  );
});

describe("POST /api/auth/verify-email with the secret of one sign-up and the link of another", () => {
  /** Two people sign up with one address. */
  async function signedUpTwice() {
    const email = newEmail();
    const first = await register(stack, { email, name: "The stranger" });
    const [link = ""] = await emailedTokens(stack, email, subjects.verify, 1);
    const second = await register(stack, { email, name: "The owner" });
    const links = await emailedTokens(stack, email, subjects.verify, 2);
    return { email, stranger: first, owner: second, link, links };
  }

  // @proof secret-needs-link-to-its-address
  test("does not let a stranger use a link to another mailbox", async () => {
    const { email, stranger } = await signedUpTwice();
    const own = await seedRegistration(stack);
    const response = await verify(own.token, stranger.registration);
    expect(response.code).toBe("password-required");
    expect(response.json.email).toBe(own.email);
    expect((await verify(own.token, stranger.registration, goodPassword())).json.user.email).toBe(own.email);
    expect(await stack.sql("select from users where email = $1", [email])).toEqual([]);
  });

  test("does not sign in a stranger who gets to see a link later", async () => {
    const { email, stranger, owner, links } = await signedUpTwice();
    expect((await verify(String(links[0]), owner.registration)).status).toBe(200);
    const before = await stack.sql("select * from users where email = $1", [email]);
    for (const link of links) {
      expect((await verify(link, stranger.registration)).code).toBe("password-required");
      const typed = await verify(link, stranger.registration, stranger.password);
      expect(typed.code).toBe("invalid-credentials");
    }
    expect(await stack.sql("select * from users where email = $1", [email])).toEqual(before);
    expect((await login(email, owner.password)).status).toBe(200);
  });
});
