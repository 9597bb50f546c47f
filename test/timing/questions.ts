import { randomUUID } from "node:crypto";
import { requestChange } from "../api/auth/address-changes.js";
import { addressKinds } from "../api/auth/address-kinds.js";
import type { ApiResponse } from "../stack/client.js";
import { seedUser } from "../stack/seed.js";
import type { Stack } from "../stack/stack.js";
import { goodPassword } from "../stack/users.js";

/** Prepares one request with a new caller and new rows. The function that it returns sends the request. */
type Prepare = (stack: Stack) => Promise<() => Promise<ApiResponse>>;

/** A request that a caller could make to learn something, about subjects that must look alike, and its subjects. */
export type Question = { operation: string; subjects: ReadonlyMap<string, Prepare> };

/** Asks about every kind of address, the free one first. */
const aboutAddresses = (
  operation: string,
  prepare: (stack: Stack, email: string) => ReturnType<Prepare>,
): Question => ({
  operation,
  subjects: new Map(
    Object.entries(addressKinds).map(([kind, address]) => [
      kind,
      async (stack: Stack) => prepare(stack, await address(stack)),
    ]),
  ),
});

const byStranger = (path: string, body: (email: string) => object) =>
  aboutAddresses(`POST ${path}`, async (stack, email) => {
    const client = stack.client();
    return () => client.post(path, body(email));
  });

/** The sessions that a caller asks to end. */
const sessions = {
  "a session that does not exist": async () => randomUUID(),
  "another user's session": async (stack) => (await seedUser(stack)).sessionId,
} satisfies Record<string, (stack: Stack) => Promise<string>>;

export const questions: readonly Question[] = [
  byStranger("/api/auth/register", (email) => ({ email, name: "Mallory", password: goodPassword() })),
  byStranger("/api/auth/login", (email) => ({ email, password: goodPassword() })),
  byStranger("/api/auth/forgot-password", (email) => ({ email })),
  byStranger("/api/auth/resend-verification", (email) => ({ email })),
  aboutAddresses("POST /api/auth/change-email", async (stack, email) => {
    const caller = await seedUser(stack);
    return () => requestChange(caller, email);
  }),
  {
    operation: "DELETE /api/auth/sessions/{id}",
    subjects: new Map(
      Object.entries(sessions).map(([kind, session]) => [
        kind,
        async (stack: Stack) => {
          const { client, token } = await seedUser(stack);
          const id = await session(stack);
          return () => client.delete(`/api/auth/sessions/${id}`, { token });
        },
      ]),
    ),
  },
];

/** A difference that the measurement must find: a millisecond. A timer of 0 ms would take one too. */
export const knownDifference: Question = {
  operation: "GET /api/auth/me",
  subjects: new Map(
    [1, 2].map((ms) => [
      `a database that responds ${ms} ms later`,
      async (stack: Stack) => {
        const { client, token } = await seedUser(stack);
        await stack.neon.inject(stack.databaseName, { times: 1, fault: { kind: "slow", ms } });
        return () => client.get("/api/auth/me", { token });
      },
    ]),
  ),
};
