import * as z from "zod";
import { user } from "../../auth/contract/shapes.js";
import { authEnv } from "../../contract.js";

/** The members that all operations of admins share. */
export const common = { tag: "admin", auth: "admin", trips: 1, env: authEnv } as const;

/** A stolen access token alone changes no account. */
export const write = { stepUp: true } as const;

/** An operation on the user that the path names. */
export const onUser = { targetParameter: "id", params: z.strictObject({ id: user.shape.id }) } as const;
