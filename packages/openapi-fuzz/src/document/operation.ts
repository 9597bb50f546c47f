import type { ValidateFunction } from "ajv/dist/2020.js";
import type { Place, SchemaContext } from "../schema/variants.js";
import type { SecurityRequirement, SecurityScheme } from "./openapi.js";
import type { Pointer } from "./pointer.js";

/** Where a schema is, and whether a value meets it. */
export type Shape = { place: Place; validate: ValidateFunction };

export const parameterPlaces = ["path", "query", "header"] as const;
export type Parameter = Shape & {
  name: string;
  in: (typeof parameterPlaces)[number];
  required: boolean;
  /** Whether a list repeats the parameter for each item. Otherwise commas separate the items. */
  explode: boolean;
};

export type RequestBody = Shape & { required: boolean; mediaTypes: string[] };

export type DocumentedResponse = {
  headers: Record<string, { required: boolean; validate: ValidateFunction | undefined }>;
  /** By media type or range. Empty: the response has no body. A media type may lack a schema. */
  content: Record<string, Shape | undefined>;
};

/** One operation, ready to be requested and checked. */
export type Operation = {
  id: string;
  method: string;
  path: string;
  pointer: Pointer;
  parameters: Parameter[];
  body: RequestBody | undefined;
  /** By status: `200`, `2XX` or `default`. */
  responses: Record<string, DocumentedResponse>;
  /** Alternatives, any of which suffices. Empty: open to everyone. */
  security: SecurityRequirement[];
};

export type Api = {
  operations: Operation[];
  securitySchemes: Record<string, SecurityScheme>;
  /** The schema at a pointer, for the generators. */
  at: SchemaContext["at"];
  validatorAt(pointer: Pointer): ValidateFunction;
};

export const nameOf = ({ method, path }: Operation): string => `${method} ${path}`;

export const responseOf = ({ responses }: Operation, status: number): DocumentedResponse | undefined =>
  responses[status] ?? responses[`${Math.floor(status / 100)}XX`] ?? responses["default"];

/** Whether every caller must authenticate. */
export const requiresAuthentication = ({ security }: Operation): boolean =>
  security.length > 0 && security.every((needed) => Object.keys(needed).length > 0);

/** Roles or scopes that a caller needs (OpenAPI 3.1 allows them for every type of security scheme). */
export const rolesOf = ({ security }: Operation): string[] => [
  ...new Set(security.flatMap((needed) => Object.values(needed).flat())),
];

export const fillTemplate = (template: string, fill: (name: string) => string): string =>
  template.replace(/\{([^}]+)\}/g, (_, name: string) => fill(name));

/** Whether a template such as `/tasks/{id}` stands for a path. */
export function matchesTemplate(template: string, path: string): boolean {
  const literals = template.split(/\{[^}]+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literals.join("[^/]+")}$`).test(path);
}
