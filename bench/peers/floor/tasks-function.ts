import { query } from "./neon.js";
import { createTasks } from "./tasks.js";

export default createTasks(query);
