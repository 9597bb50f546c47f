import { closedAccountDays } from "../../../lib/auth/limits.js";
import {
  seedClosedUser,
  seedClosing,
  seedPreviousAddress,
  seedRegistration,
  seedUser,
} from "../../stack/seed.js";
import type { Stack } from "../../stack/stack.js";
import { newEmail } from "../../stack/users.js";

/** The kinds of addresses that a stranger may ask about. Each function returns a new one. */
export const addressKinds = {
  "a free address": async () => newEmail(),
  "an address with an open sign-up": async (stack) => (await seedRegistration(stack)).email,
  "the address of an account": async (stack) => (await seedUser(stack)).email,
  "the address of a banned account": async (stack) => (await seedUser(stack, { isBanned: true })).email,
  "the previous address of an account": async (stack) => {
    const { id, email } = await seedUser(stack);
    await seedPreviousAddress(stack, id, email);
    return email;
  },
  "the address of a closed account": async (stack) => (await seedClosedUser(stack)).email,
  "the address of a closed account whose purge is late": async (stack) => {
    const { id, email } = await seedUser(stack);
    await seedClosing(stack, id, closedAccountDays);
    return email;
  },
} satisfies Record<string, (stack: Stack) => Promise<string>>;

export type AddressKind = keyof typeof addressKinds;
