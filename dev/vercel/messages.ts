import * as z from "zod";

export const serverReady = z.object({ port: z.int() });

/** `reload` serves the current output. `idle` waits until no request and no `waitUntil` work is in progress. */
export const serverCommand = z.object({ type: z.enum(["reload", "idle"]), id: z.string() });
export type ServerCommand = z.infer<typeof serverCommand>;

/** `error` says why a command failed. After a failed reload, the old output is still served. */
export const serverReply = z.object({
  type: z.literal("done"),
  id: z.string(),
  error: z.string().nullable(),
});
export type ServerReply = z.infer<typeof serverReply>;
