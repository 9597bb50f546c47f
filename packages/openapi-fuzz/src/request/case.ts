import type fc from "fast-check";

/** How a request authenticates. `valid`: as the document asks. */
export type Identity =
  | "valid"
  | "absent"
  | "empty"
  | "other scheme"
  | "forged"
  | "truncated"
  | "unsigned"
  | "without the role";

/**
 * Decides which responses are right. `uncertain`: like `valid`, with values that the service may refuse. `unusual`:
 * the service may accept or refuse it, but not fail.
 */
export type Intent =
  | "valid"
  | "uncertain"
  | "unusual"
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "cross-site";

/** A request to one operation, drawn before tokens and resources are known. */
export type Case = {
  intent: Intent;
  /** How it differs from a valid request. */
  change: string;
  identity: Identity;
  /** Values of path parameters, for requests that do not use a known resource. */
  path: Record<string, string>;
  usesKnownResource: boolean;
  query: [string, string][];
  headers: Record<string, string>;
  body: string | Uint8Array | undefined;
  /** Picks one of the known resources. */
  choice: number;
  /** Whether to send a body from the `validBody` option, if there is one. */
  usesKnownBody: boolean;
  /** Whether a GET is repeated as HEAD. */
  checksHead: boolean;
};

/** A change that gives a request another intent. */
export type Change = { name: string; apply: fc.Arbitrary<(request: Case) => Case> };
