export type Access = "anyone" | "signed-in" | "admin";

const table = [
  { path: "/", access: "anyone" },
  { path: "/register", access: "anyone" },
  { path: "/forgot-password", access: "anyone" },
  { path: "/verify-email", access: "anyone" },
  { path: "/reset-password", access: "anyone" },
  { path: "/tasks", access: "signed-in", navLabel: "Tasks" },
  { path: "/users", access: "admin", navLabel: "Users" },
  { path: "/users/:id", access: "admin" },
  { path: "/users/:id/activity", access: "admin" },
  { path: "/activity", access: "admin" },
] as const satisfies readonly { path: `/${string}`; access: Access; navLabel?: string }[];

export type RoutePath = (typeof table)[number]["path"];

/** `params` holds the named parts of the path, such as `id` in `/users/:id`. */
export type ViewProps = { params: Record<string, string> };

export type Route = {
  path: RoutePath;
  /** Other visitors see the sign-in form or, without the admin role, the `NotAllowed` view. */
  access: Access;
  /** Label in the main navigation; a route without one is not listed there. */
  navLabel?: string;
};

/**
 * Every address of the page. The build serves the page at these paths and 404 everywhere else. It runs this file in
 * Node, so views, which need a browser, are listed in route-views.ts.
 */
export const routes: readonly Route[] = table;

/** Regular expression for the paths of a route; its groups are the params. Vercel (PCRE) understands it too. */
export const patternOf = ({ path }: Pick<Route, "path">): string =>
  `^${path === "/" ? "" : path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}/?$`;

/** The route at a path, if there is one. */
export function routeAt(pathname: string): { route: Route; params: Record<string, string> } | undefined {
  for (const route of routes) {
    const match = new RegExp(patternOf(route)).exec(pathname);
    if (match) return { route, params: { ...match.groups } };
  }
  return undefined;
}
