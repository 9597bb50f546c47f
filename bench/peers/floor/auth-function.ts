import { createAuth } from "./auth.js";
import { query } from "./neon.js";

export default createAuth(query);
