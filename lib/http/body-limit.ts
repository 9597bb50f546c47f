import { bodyLimit } from "hono/body-limit";
import { Problem } from "../problem.js";

const maxBodyBytes = 64 * 1024;

/** @throws Problem `payload-too-large` */
export const limitBody = bodyLimit({
  maxSize: maxBodyBytes,
  onError: () => {
    throw new Problem("payload-too-large");
  },
});
