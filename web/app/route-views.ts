import { onDemand, type View } from "./on-demand.js";
import { type RoutePath, routeAt } from "./routes.js";
import { CheckEmail } from "./views/check-email.js";
import { Closed } from "./views/closed.js";
import { ConfirmEmail } from "./views/confirm-email.js";
import { ForgotPassword } from "./views/forgot-password.js";
import { NotMe } from "./views/not-me.js";
import { ResetPassword } from "./views/reset-password.js";
import { Restore } from "./views/restore.js";
import { SignIn } from "./views/sign-in.js";
import { SignUp } from "./views/sign-up.js";
import { Tasks } from "./views/tasks.js";
import { VerifyEmail } from "./views/verify-email.js";

const accountView = onDemand(() => import("./views/account.js"));
const adminView = onDemand(() => import("./admin-views.js"));

/** The view at each address. The page starts with those that a signed-out person or the task list needs. */
export const routeViews: Record<RoutePath, View> = {
  "/": SignIn,
  "/register": SignUp,
  "/forgot-password": ForgotPassword,
  "/check-email": CheckEmail,
  "/verify-email": VerifyEmail,
  "/reset-password": ResetPassword,
  "/restore": Restore,
  "/closed": Closed,
  "/confirm-email": ConfirmEmail,
  "/not-me": NotMe,
  "/tasks": Tasks,
  "/users": adminView(({ Users }) => Users),
  "/users/:id": adminView(({ UserView }) => UserView),
  "/users/:id/activity": adminView(({ Activity }) => Activity),
  "/activity": adminView(({ Activity }) => Activity),
  "/outbox": adminView(({ Outbox }) => Outbox),
  "/account": accountView(({ Account }) => Account),
};

/** Loads the script of the view at a path before the view is opened. */
export function preloadView(pathname: string): void {
  const found = routeAt(pathname);
  if (found) routeViews[found.route.path].preload?.();
}
