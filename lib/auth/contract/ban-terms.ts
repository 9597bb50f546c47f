import * as z from "zod";
import { timestamp } from "../../schemas.js";

/** The reason and the end of a ban, as an admin told the person. The members of the problem `account-banned` after a correct password. */
export const banTerms = {
  reason: z
    .string()
    .nullable()
    .meta({ description: "Why the account is banned, in an admin's words; null: no reason", example: null }),
  until: timestamp
    .nullable()
    .meta({ description: "When the ban ends by itself; null: no end", example: null }),
};
