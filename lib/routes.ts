import * as admin from "./admin/contract.js";
import * as auth from "./auth/contract.js";
import type { Operation } from "./contract.js";
import * as mail from "./mail/contract.js";
import * as system from "./system/contract.js";
import * as tasks from "./tasks/contract.js";

/** Every operation of the API, in the order of the document. */
export const routes: readonly Operation[] = [
  auth.register,
  auth.verifyEmail,
  auth.verifyEmailPage,
  auth.resendVerification,
  auth.login,
  auth.refresh,
  auth.logout,
  auth.getMe,
  auth.patchMe,
  auth.forgotPassword,
  auth.resetPassword,
  auth.resetPasswordPage,
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
