import type { Usage } from "../machine/launch.js";
import type { Network, Testbed } from "../machine/testbed.js";
import type { Api } from "./api.js";

export type SubjectId =
  | "latchkey"
  | "floor-http"
  | "latchkey-function"
  | "floor-function"
  | "floor-pg"
  | "better-auth"
  | "nest";

export type EmailKind = "verify" | "reset";

export type RunningSubject = {
  port: number;
  /** The environment of its process. */
  env: Record<string, string>;
  usage(): Promise<Usage>;
  /** Database trips since it started. */
  tripCount(): Promise<number>;
  /** Waits until the work that follows its responses is finished. */
  waitUntilIdle(): Promise<void>;
  /** The token in the newest email of this kind. */
  emailedToken(kind: EmailKind, email: string): Promise<string>;
  /** Makes an account an admin. Absent for subjects without admins. */
  promote?(email: string): Promise<void>;
  stop(): Promise<void>;
};

export type Subject = {
  id: SubjectId;
  title: string;
  api: Api;
  start(testbed: Testbed, network: Network, nodeOptions?: string[]): Promise<RunningSubject>;
};
