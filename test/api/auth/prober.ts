import type { ApiResponse, Client } from "../../stack/client.js";
import { seedRegistration } from "../../stack/seed.js";
import type { Stack } from "../../stack/stack.js";
import { goodPassword } from "../../stack/users.js";

/** The requests with which a caller can ask about an address. */
export const attempts = ["register", "login", "forgot", "resend", "verify"] as const;
export type Attempt = (typeof attempts)[number];

/** A caller who makes each of these requests about one address, and does not read its mailbox. */
export type Prober = Record<Exclude<Attempt, "register">, () => Promise<ApiResponse>> & {
  /** Always with the same key; with the same password unless given another one. */
  register(password?: string): Promise<ApiResponse>;
};

export async function createProber(
  stack: Stack,
  email: string,
  client: Client = stack.client(),
): Promise<Prober> {
  // The caller also has a mailbox, and so a link. Its address has the length of any other.
  const { token } = await seedRegistration(stack);
  const chosenPassword = goodPassword();
  /** The secret that the sign-up returned, once it was made. */
  let registration: string | undefined;
  return {
    async register(password = chosenPassword) {
      const headers = { "idempotency-key": "a-key" };
      const person = { email, name: "Mallory", password };
      const response = await client.post("/api/auth/register", person, { headers });
      registration = response.json?.registration;
      return response;
    },
    login: () => client.post("/api/auth/login", { email, password: chosenPassword }),
    forgot: () => client.post("/api/auth/forgot-password", { email }),
    resend: () => client.post("/api/auth/resend-verification", { email }),
    // Combines the link to one address with the secret of a sign-up for another.
    verify: () => client.post("/api/auth/verify-email", { token, registration }),
  };
}
