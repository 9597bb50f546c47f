export type Access = "anyone" | "signed-in" | "admin";

type Entry = {
  path: `/${string}`;
  /** Other visitors see the sign-in form or, without the admin role, the `NotAllowed` view. */
  access: Access;
  /** Label in the main navigation; a route without one is not listed there. */
  navLabel?: string;
  /** The route in the main navigation that this one belongs to, if its path does not start with that one's. */
  section?: `/${string}`;
  /** Whether emails link here, with a token in the fragment. Some email gateways turn its `#` into `%23`. */
  isEmailed?: boolean;
};

const table = [
  { path: "/", access: "anyone" },
  { path: "/register", access: "anyone" },
  { path: "/forgot-password", access: "anyone" },
  { path: "/check-email", access: "anyone" },
  { path: "/verify-email", access: "anyone", isEmailed: true },
  { path: "/reset-password", access: "anyone", isEmailed: true },
  { path: "/restore", access: "anyone", isEmailed: true },
  { path: "/closed", access: "anyone" },
  { path: "/confirm-email", access: "anyone", isEmailed: true },
  { path: "/not-me", access: "anyone", isEmailed: true },
  { path: "/tasks", access: "signed-in", navLabel: "Tasks" },
  { path: "/users", access: "admin", navLabel: "Users" },
  { path: "/users/:id", access: "admin" },
  { path: "/users/:id/activity", access: "admin" },
  { path: "/activity", access: "admin", section: "/users" },
  { path: "/outbox", access: "admin", section: "/users" },
  { path: "/account", access: "signed-in", navLabel: "Account" },
] as const satisfies readonly Entry[];

export type RoutePath = (typeof table)[number]["path"];

/** `params` holds the named parts of the path, such as `id` in `/users/:id`. */
export type ViewProps = { params: Record<string, string> };

export type Route = Entry & { path: RoutePath };

/**
 * Every address of the page. The build serves the page at these paths and 404 everywhere else. It runs this file in
 * Node, so views, which need a browser, are listed in route-views.ts.
 */
export const routes: readonly Route[] = table;

/** Regular expression for the paths of a route; its groups are the params. Vercel (PCRE) understands it too. */
export const patternOf = ({ path, isEmailed }: Pick<Route, "path" | "isEmailed">): string =>
  `^${path === "/" ? "" : path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}/?${isEmailed ? "(?:(?:#|%(?:25)*23).*)?" : ""}$`;

/** The route at a path, if there is one. */
export function routeAt(pathname: string): { route: Route; params: Record<string, string> } | undefined {
  for (const route of routes) {
    const match = new RegExp(patternOf(route)).exec(pathname);
    if (match) return { route, params: { ...match.groups } };
  }
  return undefined;
}
