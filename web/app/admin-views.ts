/** The views of admins, in one script: separate scripts would share parts, and each view would take four requests. */
export { Activity } from "./views/activity.js";
export { Outbox } from "./views/outbox.js";
export { UserView } from "./views/user.js";
export { Users } from "./views/users.js";
