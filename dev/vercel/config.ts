import * as z from "zod";

/** `port` 0 means any free one; requests below /dev go to `devOrigin`. */
export const serverConfig = z.object({
  output: z.string(),
  vercelJson: z.string(),
  port: z.int(),
  devOrigin: z.url().optional(),
});
export type ServerConfig = z.infer<typeof serverConfig>;

export const serverReady = z.object({ port: z.int(), loadMs: z.number() });

/** "reload": serve the output as it is now. "idle": answer when no request and no `waitUntil` work is under way. */
export const serverRequest = z.object({ type: z.enum(["reload", "idle"]), id: z.string() });
export type ServerRequest = z.infer<typeof serverRequest>;

/** `error` tells why it was not done; after a reload, the output of before is still served. */
export const serverAnswer = z.object({
  type: z.literal("done"),
  id: z.string(),
  error: z.string().nullable(),
});
export type ServerAnswer = z.infer<typeof serverAnswer>;
