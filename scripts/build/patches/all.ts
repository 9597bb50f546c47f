import { drizzle } from "./drizzle.js";
import { neonServerless } from "./neon-serverless.js";
import type { Patch } from "./patch.js";
import { resend } from "./resend.js";
import { vercelFunctions } from "./vercel-functions.js";
import { zod } from "./zod.js";

export const allPatches: readonly Patch[] = [drizzle, neonServerless, resend, vercelFunctions, zod];
