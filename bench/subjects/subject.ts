import type { Usage } from "../machine/launch.js";
import type { Network, World } from "../machine/world.js";
import type { Dialect } from "./dialect.js";

export type SubjectId =
  | "latchkey"
  | "floor-http"
  | "latchkey-function"
  | "floor-function"
  | "floor-pg"
  | "better-auth"
  | "nest";

export type MailKind = "verify" | "reset";

/** A subject that answers. */
export type Running = {
  port: number;
  /** What it was started with. */
  env: Record<string, string>;
  usage(): Promise<Usage>;
  /** Trips to the database up to now. */
  trips(): Promise<number>;
  /** Waits until nothing happens after an answer any more. */
  quiet(): Promise<void>;
  /** The token of the newest mail of this kind. */
  link(kind: MailKind, email: string): Promise<string>;
  /** Makes somebody an admin, where there are any. */
  promote?(email: string): Promise<void>;
  stop(): Promise<void>;
};

export type Subject = {
  id: SubjectId;
  title: string;
  dialect: Dialect;
  start(world: World, network: Network, nodeOptions?: string[]): Promise<Running>;
};
