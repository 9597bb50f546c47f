/** The number of functions that Vercel's Hobby plan accepts per deployment. */
export const hobbyFunctionLimit = 12;

/** Files of `api/` (without `.ts`) with a separate function in mode "fit". All other files share one function. */
export const coreRoutes: readonly string[] = [
  "auth/register",
  "auth/verify-email",
  "auth/login",
  "auth/refresh",
  "auth/logout",
  "auth/me",
  "auth/forgot-password",
  "auth/reset-password",
  "tasks/index",
  "tasks/[id]",
];

/** The file whose app responds to `/api` paths that no file serves. It loads little, and its app has `notFound`. */
export const fallbackRoute = "health";
