/** The number of functions that Vercel's Hobby plan accepts per deployment. */
export const hobbyFunctionLimit = 12;

/** Files of `api/` (without `.ts`) with a separate function in mode "fit". The others share functions. */
export const coreRoutes: readonly string[] = [
  "auth/register",
  "auth/verify-email",
  "auth/login",
  "auth/refresh",
  "auth/logout",
  "auth/me",
  "auth/reset-password",
  "tasks/index",
  "tasks/[id]",
  "tasks/batch",
];

/** A function that several files of `api/` share. */
export type SharedFunction = {
  path: string;
  /** The names of its files. */
  includes: RegExp;
  /** Whether each file loads at its first request. esbuild drops less unused code in that case. */
  isLazy: boolean;
};

/** The first one that includes a file serves it. Route files cannot start with `_`, so these paths are free. */
export const sharedFunctions: readonly SharedFunction[] = [
  {
    path: "/api/_tasks",
    includes: /^(?:tasks(?!\/(?:ex|im)port$)|trash|projects|labels|sync)\b/,
    isLazy: false,
  },
  { path: "/api/_shared", includes: /./, isLazy: true },
];

/** The file whose app responds to `/api` paths that no file serves. It loads little, and its app has `notFound`. */
export const fallbackRoute = "health";
