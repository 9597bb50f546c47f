/** The subject of each kind of email, in short. A newer server may know others: name them as they are. */
const names: Record<string, string> = {
  "verify-email": "Confirm the email address",
  "already-registered": "The address has an account already",
  "reset-password": "Set a new password",
  "password-changed": "The password was changed with a link",
  "password-changed-signed-in": "The password was changed",
  "session-reuse": "Signed out as a precaution",
  "new-device": "New sign-in",
  "admin-added": "Someone became an admin",
  promoted: "Now an admin",
  demoted: "No longer an admin",
  banned: "Banned",
  unbanned: "No longer banned",
  "ban-changed": "The ban has changed",
  "sessions-ended-by-admin": "Signed out by an admin",
  "account-restored": "The account is open again",
  "feed-created": "A calendar feed was created",
};

export const kindName = (kind: string): string => names[kind] ?? kind;
