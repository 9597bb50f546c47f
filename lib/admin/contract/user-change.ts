import * as z from "zod";
import { bidiControl, user } from "../../auth/contract/shapes.js";
import { banReasonLength } from "../../auth/limits.js";
import { instant, label } from "../../schemas.js";

const banReason = label(banReasonLength)
  .refine((value) => !bidiControl.test(value), "must not contain marks that change the direction of text")
  .nullable()
  .optional()
  .meta({
    description:
      "For the user, who reads it in the email and when signing in. With `banned: true` only. Absent: no reason, or that of the ban that stands; null: no reason",
    example: "Spam in task titles",
  });

const bannedUntil = instant
  .refine((value) => Date.parse(value) > Date.now(), "must be in the future")
  .nullable()
  .optional()
  .meta({
    description:
      "RFC 3339, in the future: when the ban ends by itself. With `banned: true` only. Absent: no end, or that of the ban that stands; null: no end",
    example: "2099-01-01T00:00:00.000Z",
  });

const needsBan = "needs `banned: true`";

export const userChange = z
  .strictObject({
    role: user.shape.role.optional(),
    banned: z
      .boolean()
      .optional()
      .meta({ description: "true bans the user, false lifts the ban", example: true }),
    banReason,
    bannedUntil,
  })
  .refine(({ banned, banReason: reason }) => banned === true || reason === undefined, {
    message: needsBan,
    path: ["banReason"],
  })
  .refine(({ banned, bannedUntil: until }) => banned === true || until === undefined, {
    message: needsBan,
    path: ["bannedUntil"],
  })
  .meta({ dependentRequired: { banReason: ["banned"], bannedUntil: ["banned"] } });
export type UserChange = z.output<typeof userChange>;
