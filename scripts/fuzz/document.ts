import type { ValidateFunction } from "ajv/dist/2020.js";

export type Schema = {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  allOf?: Schema[];
  [keyword: string]: unknown;
};

type Requirement = Record<string, string[]>;
export type Content = Record<string, { schema: Schema }>;
type HeaderObject = { $ref?: string; required?: boolean; schema?: Schema };
export type AnswerObject = { $ref?: string; headers?: Record<string, HeaderObject>; content?: Content };
export type OperationObject = {
  operationId?: string;
  security?: Requirement[];
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, AnswerObject>;
};
type SecurityScheme = { type: string; scheme?: string; in?: string; name?: string };

/** As it is published: OpenAPI 3.1, as far as the fuzz reads it. */
export type Document = {
  security?: Requirement[];
  paths: Record<string, Record<string, OperationObject>>;
  components?: { schemas?: Record<string, Schema>; securitySchemes?: Record<string, SecurityScheme> };
};

/** A schema with what says whether a value meets it. */
export type Shape = { schema: Schema; validate: ValidateFunction };
export type Parameter = Shape & { name: string; in: "path" | "query" | "header"; required: boolean };
export type DocumentedAnswer = {
  headers: Record<string, { required: boolean; validate: ValidateFunction }>;
  /** By media type; empty: the answer has no body. */
  content: Record<string, ValidateFunction>;
  /** Problem codes that this status may carry. */
  codes: string[];
};

/** One operation, ready to be asked and judged. */
export type Operation = {
  id: string;
  method: string;
  path: string;
  parameters: Parameter[];
  body: (Shape & { required: boolean; mediaTypes: string[] }) | undefined;
  answers: Record<string, DocumentedAnswer>;
  /** Alternatives, any of which suffices; empty: open to everyone. */
  security: Requirement[];
};

export type Api = {
  operations: Operation[];
  schemes: Record<string, SecurityScheme>;
  /** Follows references; keywords beside one stay. */
  resolve(schema: Schema): Schema;
  /** Of the problem that belongs to no operation. */
  problem: ValidateFunction | undefined;
};

/** Whether nobody may call without showing who they are. */
export const isClosed = ({ security }: Operation): boolean =>
  security.length > 0 && security.every((needed) => Object.keys(needed).length > 0);

/** Of which a caller must have one (OpenAPI 3.1: what a requirement lists for a bearer token). */
export const rolesOf = ({ security }: Operation): string[] =>
  security.flatMap((needed) => Object.values(needed).flat());

/** Whether a path is one that a template stands for. */
export const matches = (template: string, path: string): boolean =>
  new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+")}$`).test(path);
