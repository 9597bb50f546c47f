import { access } from "./catalog/access.js";
import { accounts } from "./catalog/accounts.js";
import { admin } from "./catalog/admin.js";
import { adminAccounts } from "./catalog/admin-accounts.js";
import { audit } from "./catalog/audit.js";
import { bans } from "./catalog/bans.js";
import { batches } from "./catalog/batches.js";
import { closingAccounts } from "./catalog/closing.js";
import { devices } from "./catalog/devices.js";
import { emailBudgets } from "./catalog/email-budgets.js";
import { emailChange } from "./catalog/email-change.js";
import { emails } from "./catalog/emails.js";
import { faults } from "./catalog/faults.js";
import { feed } from "./catalog/feed.js";
import { fileFormats } from "./catalog/file-formats.js";
import { guard } from "./catalog/guard.js";
import { labels } from "./catalog/labels.js";
import { limits } from "./catalog/limits.js";
import { moves } from "./catalog/moves.js";
import { passwordChange } from "./catalog/password-change.js";
import { passwords } from "./catalog/passwords.js";
import { projects } from "./catalog/projects.js";
import { quotas } from "./catalog/quotas.js";
import { recurrence } from "./catalog/recurrence.js";
import { recurringTasks } from "./catalog/recurring-tasks.js";
import { registrations } from "./catalog/registrations.js";
import { requests } from "./catalog/requests.js";
import { sessions } from "./catalog/sessions.js";
import { stepUp } from "./catalog/step-up.js";
import { sync } from "./catalog/sync.js";
import { taskWrites } from "./catalog/task-writes.js";
import { tasks } from "./catalog/tasks.js";
import { time } from "./catalog/time.js";
import { transfer } from "./catalog/transfer.js";
import { trash } from "./catalog/trash.js";
import type { Mutant } from "./mutant.js";

const areas = [
  access,
  passwords,
  passwordChange,
  registrations,
  accounts,
  closingAccounts,
  sessions,
  devices,
  emailChange,
  stepUp,
  guard,
  requests,
  admin,
  adminAccounts,
  bans,
  audit,
  tasks,
  taskWrites,
  moves,
  batches,
  trash,
  sync,
  labels,
  feed,
  projects,
  transfer,
  fileFormats,
  emails,
  emailBudgets,
  faults,
  quotas,
  limits,
  time,
  recurrence,
  recurringTasks,
];

export const mutants: readonly Mutant[] = areas
  .flatMap((area) => Object.entries(area))
  .flatMap(([file, sabotages]) => sabotages.map((sabotage) => ({ ...sabotage, file })));
