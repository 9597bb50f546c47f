import * as admin from "./admin/contract.js";
import * as account from "./auth/contract/account.js";
import { changePassword } from "./auth/contract/change-password.js";
import * as events from "./auth/contract/events.js";
import * as ownSessions from "./auth/contract/own-sessions.js";
import * as passwordReset from "./auth/contract/password-reset.js";
import * as sessions from "./auth/contract/sessions.js";
import * as signUp from "./auth/contract/sign-up.js";
import { stepUp } from "./auth/contract/step-up.js";
import type { Operation } from "./contract.js";
import * as mail from "./mail/contract.js";
import * as system from "./system/contract.js";
import * as tasks from "./tasks/contract.js";

/** Every operation of the API, in the order of the document. */
export const routes: readonly Operation[] = [
  signUp.register,
  signUp.verifyEmail,
  signUp.verifyEmailPage,
  signUp.resendVerification,
  sessions.login,
  sessions.refresh,
  stepUp,
  sessions.logout,
  account.getMe,
  account.patchMe,
  changePassword,
  ownSessions.listSessions,
  ownSessions.deleteSession,
  ownSessions.deleteSessions,
  events.listSecurityEvents,
  passwordReset.forgotPassword,
  passwordReset.resetPassword,
  passwordReset.resetPasswordPage,
  tasks.listTasks,
  tasks.createTask,
  tasks.getTask,
  tasks.patchTask,
  tasks.deleteTask,
  admin.listUsers,
  admin.getUser,
  admin.patchUser,
  admin.deleteUser,
  admin.listAdminEvents,
  system.health,
  system.ready,
  system.deliverOutbox,
  mail.receiveEmailEvent,
  system.jwks,
];
