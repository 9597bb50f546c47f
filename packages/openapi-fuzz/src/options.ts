import type { OpenApiDocument } from "./document/openapi.js";
import type { Pointer } from "./document/pointer.js";
import type { Check } from "./response/checks.js";

/** Asks for the credential of one request. */
export type CredentialRequest = {
  operationId: string;
  /** Roles or scopes that the caller must have. Empty: an ordinary caller, without any of them. */
  roles: string[];
  /** The body of the request, for credentials that sign it. */
  body: string | Uint8Array | undefined;
};

export type Callers = {
  /**
   * Returns the credential for a security scheme: a bearer token, an API key, base64 of `user:password`, or, for a
   * cookie, `name=value`. `undefined`: this caller does not exist, and the request is left out.
   */
  credential(scheme: string, request: CredentialRequest): Promise<string | undefined>;
  /** Keeps the `Set-Cookie` values of a response, for services that rotate sessions. */
  storeCookies?(operationId: string, setCookies: string[]): void;
};

/** How error responses identify their cause. Without it, only statuses are checked. */
export type ErrorCodes = {
  /** Member of an error body that holds the code. */
  member: string;
  /** Codes that blame the shape of a request. A valid request must never get one. */
  invalidRequest: string[];
  /** Code of the 403 for cross-site requests. Operations that document it are sent such requests. */
  crossSite?: string;
};

/** A response as hooks see it; `body` is `undefined` unless the response is JSON. */
export type ResponseView = { status: number; headers: Headers; text: string; body: unknown };

export type FuzzOptions = {
  /** An OpenAPI 3.1 document in one piece. */
  document: OpenApiDocument;
  /** Where the API is served, with the base path of its servers: `https://api.example.com/v1`. */
  baseUrl: string;
  /** Requests to draw for all operations together. Default: 1000. */
  runs?: number;
  /** Repeats the requests of an earlier run. Default: random. */
  seed?: number;
  /** Operation ids, or `POST /path` for operations without one, to leave out. */
  skip?: string[];
  /** Checks whose findings are dropped. */
  ignore?: Check[];
  callers?: Callers;
  /**
   * Security schemes that only callers with a role may use; `roles` then contains the name of the scheme. For documents
   * that give admins their own bearer scheme instead of a scope.
   */
  privilegedSchemes?: readonly string[];
  /** A body that the operation must accept, such as a real password or an emailed token. */
  validBody?(operationId: string): Promise<unknown>;
  /**
   * Ids in the response to `GET /things` that the run may use, and delete, at `/things/{id}`. Without it, the run
   * touches only resources that it has created.
   */
  listedIds?(body: unknown): string[];
  /**
   * Ids, or `DELETE /path`, of operations that end something whose address stays, such as all sessions of a user. A
   * repetition succeeds, so they are not checked for a resource that is gone.
   */
  repeatableDeletions?: readonly string[];
  /** Query parameters of the next page, from the response of a list. */
  nextPage?(body: unknown): Record<string, string> | undefined;
  errorCodes?: ErrorCodes;
  /** The error that the service sends for unknown paths and methods; `schema` is a pointer into the document. */
  unroutedError?: { mediaType: string; schema: Pointer };
  /** Checks a promise that the document cannot express. Returns the violation, if there is one. */
  checkResponse?(response: ResponseView): { rule: string; why: string } | undefined;
  /** Changes the source address every few requests to a loopback service, so per-address limits do not end the run. */
  rotateLoopbackAddress?: boolean;
};
