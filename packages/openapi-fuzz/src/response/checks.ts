/** Every check, and how a finding names it. */
export const checkTitles = {
  "no-response": "no response",
  "server-error": "server error",
  "undocumented-status": "undocumented status",
  "missing-header": "missing header",
  "invalid-header": "invalid header",
  "undocumented-body": "undocumented body",
  "content-type": "undocumented content type",
  "invalid-body": "invalid body",
  "custom-rule": "broken rule",
  "rejects-valid-caller": "rejects a valid caller",
  "rejects-known-body": "rejects a body that is known to be valid",
  "rejects-valid-input": "rejects valid input",
  "accepts-invalid-input": "accepts invalid input",
  "ignores-authentication": "ignores authentication",
  "ignores-roles": "ignores roles",
  "accepts-cross-site": "accepts a cross-site request",
  "created-not-found": "created resource is not at its Location",
  "deleted-not-gone": "deleted resource is still there",
  "head-differs": "HEAD differs from GET",
  "next-page-missing": "next page is missing",
  "method-not-refused": "undocumented method is not refused",
  "unknown-path-found": "unknown path is found",
  "wrong-allow": "wrong Allow header",
} as const;

export type Check = keyof typeof checkTitles;

/** One broken promise. `detail` tells findings of the same check apart. */
export type Flaw = { check: Check; detail?: string; why: string };

/** `accepts invalid input: body /title type` */
export const nameOfFlaw = ({ check, detail }: Flaw): string =>
  detail === undefined ? checkTitles[check] : `${checkTitles[check]}: ${detail}`;
