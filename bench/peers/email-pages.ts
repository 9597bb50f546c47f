/** The page that an emailed link opens, by kind of email. */
export const emailPages = { verify: "verify-email", reset: "reset-password" } as const;
