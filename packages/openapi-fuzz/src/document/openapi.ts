/** A JSON Schema (2020-12) object, as far as the generators read it. */
export type SchemaObject = {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  [keyword: string]: unknown;
};
export type Schema = boolean | SchemaObject;

type Reference = { $ref?: string };
/** Alternatives; each names security schemes with the scopes or roles that the caller needs. */
export type SecurityRequirement = Record<string, string[]>;
type MediaTypes = Record<string, { schema?: Schema }>;
type HeaderObject = Reference & { required?: boolean; schema?: Schema };
export type ResponseObject = Reference & { headers?: Record<string, HeaderObject>; content?: MediaTypes };
export type RequestBodyObject = Reference & { required?: boolean; content?: MediaTypes };
export type ParameterObject = Reference & {
  name?: string;
  in?: string;
  required?: boolean;
  schema?: Schema;
  style?: string;
  explode?: boolean;
};
export type OperationObject = {
  operationId?: string;
  security?: SecurityRequirement[];
  parameters?: ParameterObject[];
  requestBody?: RequestBodyObject;
  responses?: Record<string, ResponseObject>;
};
export type SecurityScheme = Reference & { type?: string; scheme?: string; in?: string; name?: string };
export type PathItem = { parameters?: ParameterObject[]; [method: string]: unknown };

/** An OpenAPI 3.1 document, as far as the fuzzer reads it. */
export type OpenApiDocument = {
  openapi: string;
  security?: SecurityRequirement[];
  paths?: Record<string, PathItem>;
  components?: {
    schemas?: Record<string, Schema>;
    securitySchemes?: Record<string, SecurityScheme>;
    [kind: string]: unknown;
  };
};
