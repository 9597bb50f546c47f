import type { ComponentType } from "preact";

/** `params` are the parts of the path that its route names, such as `id` in `/users/:id`. */
export type ViewProps = { params: Record<string, string> };

export type Route = {
  path: `/${string}`;
  /** Others see the sign-in form, or that they may not. */
  who: "anyone" | "signed-in" | "admin";
  /** Its name in the navigation; absent: it is not there. */
  inNavigation?: string;
  view: () => Promise<{ default: ComponentType<ViewProps> }>;
};

/**
 * Every address of the page and its view. The build reads the paths, so that each is served the page and all else
 * is not found: a new capability adds a line here and a file in `views/`.
 */
export const routes: readonly Route[] = [
  { path: "/", who: "anyone", view: () => import("./views/sign-in.js") },
  { path: "/register", who: "anyone", view: () => import("./views/register.js") },
  { path: "/forgot-password", who: "anyone", view: () => import("./views/forgot-password.js") },
  { path: "/verify-email", who: "anyone", view: () => import("./views/verify-email.js") },
  { path: "/reset-password", who: "anyone", view: () => import("./views/reset-password.js") },
  { path: "/tasks", who: "signed-in", inNavigation: "Tasks", view: () => import("./views/tasks.js") },
  { path: "/users", who: "admin", inNavigation: "Users", view: () => import("./views/users.js") },
  { path: "/users/:id", who: "admin", view: () => import("./views/user.js") },
];

/** Matches the paths of a route; its groups are the params. Also understood by Vercel (PCRE). */
export const patternOf = ({ path }: Pick<Route, "path">): string =>
  `^${path === "/" ? "" : path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}/?$`;

/** The route at a path, if any. */
export function routeAt(pathname: string): { route: Route; params: Record<string, string> } | undefined {
  for (const route of routes) {
    const match = new RegExp(patternOf(route)).exec(pathname);
    if (match) return { route, params: { ...match.groups } };
  }
  return undefined;
}
