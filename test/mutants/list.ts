import { accounts } from "./accounts.js";
import { admin } from "./admin.js";
import { answers } from "./answers.js";
import { database } from "./database.js";
import { databaseFunctions } from "./database-functions.js";
import { mail } from "./mail.js";
import type { Mutant } from "./mutant.js";
import { requests } from "./requests.js";
import { sessions } from "./sessions.js";
import { tasks } from "./tasks.js";
import { tokens } from "./tokens.js";

const areas = [
  database,
  databaseFunctions,
  tokens,
  accounts,
  sessions,
  tasks,
  admin,
  requests,
  answers,
  mail,
];

export const mutants: readonly Mutant[] = areas
  .flatMap((area) => Object.entries(area))
  .flatMap(([file, sabotages]) => sabotages.map((sabotage) => ({ ...sabotage, file })));
