import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { type Operation, operationAt } from "../contract.js";
import { Problem } from "../problem.js";

export const defaultMaxBytes = 64 * 1024;

const refuse = () => {
  throw new Problem("payload-too-large");
};

/** Limits a body to the size in the contract of its operation. @throws Problem `payload-too-large` */
export const limitBody = (operations: readonly Operation[]) =>
  createMiddleware((c, next) => {
    const maxSize = operationAt(operations, c.req.path)?.maxBodyBytes ?? defaultMaxBytes;
    return bodyLimit({ maxSize, onError: refuse })(c, next);
  });
