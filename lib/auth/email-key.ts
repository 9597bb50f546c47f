/** The form in which email addresses identify accounts. */
export const emailKey = (email: string): string => email.toLowerCase();
