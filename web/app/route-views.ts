import type { ComponentType } from "preact";
import type { RoutePath, ViewProps } from "./routes.js";
import { Account } from "./views/account.js";
import { Activity } from "./views/activity.js";
import { CheckEmail } from "./views/check-email.js";
import { Closed } from "./views/closed.js";
import { ConfirmEmail } from "./views/confirm-email.js";
import { ForgotPassword } from "./views/forgot-password.js";
import { NotMe } from "./views/not-me.js";
import { Outbox } from "./views/outbox.js";
import { ResetPassword } from "./views/reset-password.js";
import { Restore } from "./views/restore.js";
import { SignIn } from "./views/sign-in.js";
import { SignUp } from "./views/sign-up.js";
import { Tasks } from "./views/tasks.js";
import { UserView } from "./views/user.js";
import { Users } from "./views/users.js";
import { VerifyEmail } from "./views/verify-email.js";

/**
 * The view at each address. All are in one script: splitting them would save at most 6 KB of 23 (gzipped) on the
 * first view, and cost at least seven more requests.
 */
export const routeViews: Record<RoutePath, ComponentType<ViewProps>> = {
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
  "/users": Users,
  "/users/:id": UserView,
  "/users/:id/activity": Activity,
  "/activity": Activity,
  "/outbox": Outbox,
  "/account": Account,
};
