import * as z from "zod";
import { roles } from "../../../db/schema/users.js";
import { id, label, text, timestamp } from "../../schemas.js";
import { nameLength, passwordLength } from "../limits.js";

/** Marks that reverse the text around them: in a list of users, one name could then rewrite the others. */
export const bidiControl = /\p{Bidi_Control}/u;

export const name = label(nameLength)
  .refine((value) => !bidiControl.test(value), "must not contain marks that change the direction of text")
  .meta({
    description: "The name that the person goes by",
    example: "Ada Lovelace",
  });

/** Counted after NFKC, so that a password typed on two keyboards is the same (NIST SP 800-63B). */
export const newPassword = text(4 * passwordLength.max)
  .refine((value) => {
    const { length } = [...value.normalize("NFKC")];
    return length >= passwordLength.min && length <= passwordLength.max;
  }, `must have ${passwordLength.min} to ${passwordLength.max} characters`)
  .meta({
    description: `${passwordLength.min} to ${passwordLength.max} characters after NFKC, of any kind; not a common password, nor your email address or name, even with digits or signs at its end; not a password that a data breach has revealed`,
    example: "plum orbit carpet seven",
    minLength: passwordLength.min,
    maxLength: passwordLength.max,
  });

export const linkToken = z.string().min(1).max(200).meta({
  description: "The token from the link in the email",
  example: "AZqvM0x2cYi_bSKkJdYb8Q4Yb0m1l7m6T9o2n3v8y1c",
});

export const user = z
  .strictObject({
    id: id("UUIDv7 of the user", "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21"),
    email: z.string().meta({ example: "ada@example.com" }),
    name: z.string().meta({ example: "Ada Lovelace" }),
    timeZone: z
      .string()
      .nullable()
      .meta({ description: "IANA name; null: the user has not chosen one", example: "Europe/Copenhagen" }),
    role: z.enum(roles).meta({ id: "Role" }),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "User" });
export type User = z.output<typeof user>;

export const message = z
  .strictObject({
    message: z.string().meta({ description: "For people; may change", example: "Check your email." }),
  })
  .meta({ id: "Message" });

const accessTokenMembers = {
  accessToken: z.string().meta({
    description: "JWT for the `Authorization` header; keep it in memory only",
    example: "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTlhYWYzZSJ9.mK3vQx0bQm4",
  }),
  tokenType: z.literal("Bearer"),
  expiresIn: z.int().meta({ description: "Seconds until the access token expires", example: 900 }),
};

export const signedIn = z.strictObject({ ...accessTokenMembers, user }).meta({ id: "Login" });

export const setsCookie = {
  "Set-Cookie": {
    description: "The next refresh token",
    example: "__Host-latchkey=ARmqrz58W316; HttpOnly; Secure; SameSite=Strict; Path=/",
  },
};

export const tag = "auth";
export const sameForAll = "The response and the work are the same whether or not the address is known.";

export const toPage = (page: string) => ({
  303: {
    description: `Redirects to the page \`${page}\`, with the token in the fragment.`,
    headers: {
      Location: { description: "The page", example: `https://app.example.com${page}#token=AZqvM0x2` },
    },
  },
});

export const clearsCookie = {
  "Set-Cookie": {
    description: "Removes the cookie",
    example: "__Host-latchkey=; Max-Age=0; HttpOnly; Secure; SameSite=Strict; Path=/",
  },
};

export const clearsOwnCookie = {
  "Set-Cookie": {
    ...clearsCookie["Set-Cookie"],
    description: "Removes the cookie, if it is the cookie of this session and this session ends",
    optional: true,
  },
} as const;

/** Any text may be a guess: enforcing the policy here would only help the guesser. */
export const presentedPassword = text(4 * passwordLength.max)
  .min(1)
  .meta({ example: "plum orbit carpet seven" });

export const accessToken = z.strictObject(accessTokenMembers).meta({ id: "AccessToken" });
