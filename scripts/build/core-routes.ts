/** Most functions a deployment on Vercel's Hobby plan accepts. */
export const hobbyFunctionLimit = 12;

/** Files of `api/` (without `.ts`) that keep a function of their own in mode "fit"; all others share one. */
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

/** The file whose app answers `/api` paths that no file serves: it loads little and knows `notFound`. */
export const fallbackRoute = "health";
