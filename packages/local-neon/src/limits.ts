import { NeonError } from "./neon-error.js";

export const maxRequestBytes = 10 * 1024 * 1024;
const maxResponseBytes = 10 * 1024 * 1024;

export function requestTooLarge(): NeonError {
  return new NeonError(413, `request is too large (max is ${maxRequestBytes} bytes)`);
}

export function responseTooLarge(): NeonError {
  return new NeonError(507, `response is too large (max is ${maxResponseBytes} bytes)`);
}

/** Counts the values of a response while its queries run, so a cross join stops before it fills the memory. */
export class ResponseBudget {
  #left = maxResponseBytes;

  get isSpent(): boolean {
    return this.#left < 0;
  }

  /** JSON adds two quotes and a comma to each value. */
  add(value: string | null): void {
    this.#left -= (value?.length ?? 2) + 3;
  }
}
