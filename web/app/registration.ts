import type { registrationSeconds } from "../../lib/auth/limits.js";

const key = "latchkey-registration";
const lifetimeSeconds: typeof registrationSeconds = 86_400;

type Stored = { secret: string; expiresAt: number };

/**
 * The secret of this browser's last sign-up. With it, the link in the email confirms the address in one click.
 * Without it, the person chooses a password again, so blocked storage does no harm.
 */
export const registration = {
  read(): string | undefined {
    try {
      const { secret, expiresAt }: Stored = JSON.parse(localStorage.getItem(key) ?? "null") ?? {};
      return Date.now() < expiresAt ? secret : undefined;
    } catch {
      return undefined;
    }
  },

  keep(secret: string): void {
    const stored: Stored = { secret, expiresAt: Date.now() + lifetimeSeconds * 1000 };
    try {
      localStorage.setItem(key, JSON.stringify(stored));
    } catch {
      // See above.
    }
  },

  forget(): void {
    try {
      localStorage.removeItem(key);
    } catch {
      // See above.
    }
  },
};
