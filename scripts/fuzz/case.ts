/** How a request shows who calls. `own`: as the document asks. */
export type Identity =
  | "own"
  | "none"
  | "empty"
  | "other scheme"
  | "forged"
  | "truncated"
  | "unsigned"
  | "without the role";

/** What the answer must be. `odd`: accepted or refused, but not stumbled over. */
export type Intent = "valid" | "odd" | "bad" | "unauthenticated" | "forbidden" | "cross-site";

/** A request to one operation, drawn before it is known which tokens and resources there are. */
export type Case = {
  intent: Intent;
  /** What was done to it. */
  what: string;
  identity: Identity;
  /** In the path; unless a resource is asked for that is known, of which `pick` says which. */
  path: Record<string, string>;
  isKnown: boolean;
  query: [string, string][];
  headers: Record<string, string>;
  body: string | Uint8Array | undefined;
  pick: number;
  /** Whether to take a body that is known to be right, where there is one: a password, a link out of a mail. */
  isSupplied: boolean;
  /** Whether HEAD is asked too. */
  asksHead: boolean;
};
