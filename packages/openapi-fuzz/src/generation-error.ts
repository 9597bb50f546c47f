import type { Pointer } from "./document/pointer.js";

/** No value can be generated for a schema. Thrown before the first request, and always about the document. */
export class SchemaError extends Error {
  readonly pointer: Pointer;
  readonly schema: unknown;

  constructor(reason: string, pointer: Pointer, schema: unknown) {
    super(reason);
    this.name = "SchemaError";
    this.pointer = pointer;
    this.schema = schema;
  }
}

/** The requests of an operation cannot be generated. No request has been sent. */
export class GenerationError extends Error {
  readonly operation: string;
  readonly pointer: Pointer;
  readonly schema: unknown;

  constructor(operation: string, pointer: Pointer, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const place = cause instanceof SchemaError ? cause.pointer : pointer;
    const schema = cause instanceof SchemaError ? cause.schema : undefined;
    const shown = schema === undefined ? "" : `\n  schema: ${JSON.stringify(schema).slice(0, 500)}`;
    super(`Cannot generate requests for ${operation}: ${reason}\n  at ${place}${shown}`, { cause });
    this.name = "GenerationError";
    this.operation = operation;
    this.pointer = place;
    this.schema = schema;
  }
}
