import { Failure } from "./failure.js";

export const maxRequestBytes = 10 * 1024 * 1024;
const maxResponseBytes = 10 * 1024 * 1024;

export function requestTooLarge(): Failure {
  return new Failure(413, `request is too large (max is ${maxRequestBytes} bytes)`);
}

export function responseTooLarge(): Failure {
  return new Failure(507, `response is too large (max is ${maxResponseBytes} bytes)`);
}

/** Counts the values of one request while it runs, so that a cross join ends before it fills the memory. */
export class ResponseBudget {
  #left = maxResponseBytes;

  get spent(): boolean {
    return this.#left < 0;
  }

  /** Two quotes and a comma come on top of each value. */
  add(value: string | null): void {
    this.#left -= (value?.length ?? 2) + 3;
  }
}
