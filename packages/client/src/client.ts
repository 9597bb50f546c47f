import type { Api } from "./api.js";
import type { components } from "./schema.js";
import type { Session, User } from "./session.js";
import type { OnStepUp } from "./step-up-prompt.js";
import type { Store } from "./store.js";
import type { TransportOptions } from "./transport.js";

type AccountChange = components["schemas"]["PatchMeRequest"];
type PasswordChange = components["schemas"]["ChangePasswordRequest"];

export type LatchkeyOptions = TransportOptions & {
  /** Origin of the API. Empty (the default) if the page has the same origin. */
  baseUrl?: string;
  /**
   * Called when a request needs a recent proof. Once it resolves to true, the request is sent again. Without it, the
   * request throws `step-up-required`.
   */
  onStepUp?: OnStepUp;
};

export type Latchkey = {
  /** The API, typed by its OpenAPI document. Adds the access token and, to creates, an Idempotency-Key. */
  api: Api;
  session: Pick<Store<Session>, "get" | "subscribe">;
  /**
   * Looks up the user of the session cookie; null without a session. In a browser that seems to have no session, it
   * returns null immediately and asks the server in the background. @throws ProblemError if the lookup fails
   */
  resume(): Promise<User | null>;
  /** @throws ProblemError */
  signIn(credentials: components["schemas"]["LoginRequest"]): Promise<User>;
  /** Confirms the email address of a sign-up, which also signs in. @throws ProblemError */
  confirmEmail(confirmation: components["schemas"]["VerifyEmailRequest"]): Promise<User>;
  /** Changes the account; `session` shows the change in all tabs. @throws ProblemError */
  changeAccount(change: AccountChange): Promise<User>;
  /**
   * Proves that the user is present, for requests that are refused with `step-up-required`. A wrong password throws
   * `wrong-password`, and the user stays signed in. @throws ProblemError
   */
  stepUp(password: string): Promise<void>;
  /**
   * Changes the password, which ends the other sessions of the user. All tabs of this browser stay signed in.
   * @throws ProblemError, such as `wrong-password` with a message at `/currentPassword`
   */
  changePassword(change: PasswordChange): Promise<void>;
  /** Confirms a new address of an account; `session` shows it in all tabs if it is the user's. @throws ProblemError */
  confirmNewEmail(confirmation: components["schemas"]["ConfirmNewEmailRequest"]): Promise<void>;
  /**
   * Gives pending writes two seconds (`writeGraceSeconds`) and aborts all other requests, which then throw
   * `session-ended`. @throws ProblemError, and then the user stays signed in
   */
  signOut(): Promise<void>;
  /**
   * Closes the account, which signs out all tabs. `purgeAt`: when it is deleted; null if the response of an earlier
   * attempt was lost. @throws ProblemError
   */
  closeAccount(): Promise<{ purgeAt: string | null }>;
  /** All data of the account, as JSON. Breaks off with `network` rather than being incomplete. @throws ProblemError */
  downloadExport(signal?: AbortSignal): Promise<Blob>;
  /** All tasks, as a file for an import or for other programs. Fails like `downloadExport`. @throws ProblemError */
  downloadTasks(format: "json" | "csv" | "ics", signal?: AbortSignal): Promise<Blob>;
  /** Gives work that takes several requests the same two seconds before a sign-out. @returns the same promise */
  beforeSignOut<T>(work: Promise<T>): Promise<T>;
  /** Leaves the channel to the other tabs. */
  close(): void;
};
