import { Start } from "../components/start.js";
import { latchkey } from "../latchkey.js";

/** Shown until a session that the browser seems to have is looked up. */
export const Resume = () => <Start what="your account" heading="Latchkey" work={() => latchkey.resume()} />;
