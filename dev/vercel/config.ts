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

export const reloadRequest = z.object({ type: z.literal("reload"), id: z.string() });
export type ReloadRequest = z.infer<typeof reloadRequest>;

/** `error` tells why the output of before is still served. */
export const reloaded = z.object({
  type: z.literal("reloaded"),
  id: z.string(),
  error: z.string().nullable(),
});
export type Reloaded = z.infer<typeof reloaded>;
