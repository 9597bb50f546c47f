import * as adminAccounts from "./admin/contract/accounts.js";
import * as adminEvents from "./admin/contract/events.js";
import * as outbox from "./admin/contract/outbox.js";
import * as userSessions from "./admin/contract/sessions.js";
import * as users from "./admin/contract/users.js";
import * as account from "./auth/contract/account.js";
import { changePassword } from "./auth/contract/change-password.js";
import * as closing from "./auth/contract/closing.js";
import * as emailChange from "./auth/contract/email-change.js";
import * as events from "./auth/contract/events.js";
import { exportAccount } from "./auth/contract/export.js";
import { notMe } from "./auth/contract/not-me.js";
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
  closing.closeAccount,
  closing.restoreAccount,
  changePassword,
  emailChange.changeEmail,
  emailChange.confirmNewEmail,
  notMe,
  ownSessions.listSessions,
  ownSessions.deleteSession,
  ownSessions.deleteSessions,
  events.listSecurityEvents,
  exportAccount,
  passwordReset.forgotPassword,
  passwordReset.resetPassword,
  passwordReset.resetPasswordPage,
  tasks.listTasks,
  tasks.createTask,
  tasks.getTask,
  tasks.patchTask,
  tasks.deleteTask,
  users.listUsers,
  users.getUser,
  users.patchUser,
  users.deleteUser,
  userSessions.listUserSessions,
  userSessions.endUserSessions,
  userSessions.listUserEvents,
  adminAccounts.startPasswordReset,
  adminAccounts.restoreUser,
  outbox.listOutbox,
  outbox.retryEmail,
  outbox.dropEmail,
  adminEvents.listAdminEvents,
  system.health,
  system.ready,
  system.deliverOutbox,
  mail.receiveEmailEvent,
  system.jwks,
];
