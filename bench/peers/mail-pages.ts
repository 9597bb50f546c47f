/** The pages that links in mails lead to, by the kind of the mail. */
export const mailPages = { verify: "verify-email", reset: "reset-password" } as const;
