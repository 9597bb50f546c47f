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
import { readLimits } from "./auth/contract/limits.js";
import { notMe } from "./auth/contract/not-me.js";
import * as ownSessions from "./auth/contract/own-sessions.js";
import * as passwordReset from "./auth/contract/password-reset.js";
import * as sessions from "./auth/contract/sessions.js";
import * as signUp from "./auth/contract/sign-up.js";
import { stepUp } from "./auth/contract/step-up.js";
import type { Operation } from "./contract.js";
import * as feed from "./feed/contract.js";
import * as labels from "./labels/contract.js";
import * as mail from "./mail/contract.js";
import * as projects from "./projects/contract.js";
import { syncChanges } from "./sync/contract.js";
import * as system from "./system/contract.js";
import { batchTasks } from "./tasks/contract/batch.js";
import { listTaskRevisions } from "./tasks/contract/history.js";
import { moveTask } from "./tasks/contract/move.js";
import * as task from "./tasks/contract/task.js";
import * as tasks from "./tasks/contract/tasks.js";
import * as trash from "./tasks/contract/trash.js";
import * as transfer from "./transfer/contract.js";

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
  readLimits,
  passwordReset.forgotPassword,
  passwordReset.resetPassword,
  passwordReset.resetPasswordPage,
  tasks.listTasks,
  tasks.createTask,
  batchTasks,
  transfer.exportTasks,
  transfer.importTasks,
  task.getTask,
  task.putTask,
  task.patchTask,
  task.deleteTask,
  moveTask,
  trash.restoreTask,
  listTaskRevisions,
  trash.listTrash,
  trash.emptyTrash,
  projects.listProjects,
  projects.createProject,
  projects.getProject,
  projects.patchProject,
  projects.deleteProject,
  projects.moveProject,
  labels.listLabels,
  labels.getLabel,
  labels.patchLabel,
  labels.deleteLabel,
  syncChanges,
  feed.createFeed,
  feed.getFeed,
  feed.deleteFeed,
  feed.readFeed,
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
