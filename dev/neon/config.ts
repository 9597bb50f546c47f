import { neonSettings } from "@latchkey/local-neon";
import * as z from "zod";

export const neonProcessConfig = neonSettings.extend({
  /** Prints each statement that Postgres refuses. For `npm run dev` only: the message can quote values. */
  printErrors: z.boolean().default(false),
});

export type NeonProcessConfig = z.input<typeof neonProcessConfig>;
