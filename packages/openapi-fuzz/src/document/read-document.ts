import type { Warnings } from "../warnings.js";
import type { OpenApiDocument, OperationObject, PathItem, Schema, SecurityScheme } from "./openapi.js";
import type { Api, Operation } from "./operation.js";
import { childPointer, type Pointer, valueAt } from "./pointer.js";
import { readOperation } from "./read-operation.js";
import { createValidators, type Validators } from "./validators.js";

const methods = ["get", "post", "put", "patch", "delete"];

export type Source = {
  document: OpenApiDocument;
  validators: Validators;
  warn: Warnings["add"];
  /** Follows a reference to its target and the place of the target. A value without a reference stays as it is. */
  follow<T extends { $ref?: string }>(value: T, pointer: Pointer): { value: T; pointer: Pointer };
};

/** @throws Error when the document has another version, or a reference in it does not resolve */
export function readDocument(document: OpenApiDocument, warnings: Warnings): Api {
  if (!/^3\.1\./.test(document.openapi ?? "")) {
    const version = document.openapi ?? "missing";
    throw new Error(`This is not an OpenAPI 3.1 document: its "openapi" member is ${version}.`);
  }
  const source = openSource(document, warnings);
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    readPath(source, path, item),
  );
  if (operations.length === 0) throw new Error("The document has no operations that can be tested.");
  return {
    operations,
    securitySchemes: readSecuritySchemes(source),
    at: (pointer) => valueAt(document, pointer) as Schema,
    validatorAt: source.validators.forResponses,
  };
}

function openSource(document: OpenApiDocument, warnings: Warnings): Source {
  const source: Source = {
    document,
    validators: createValidators(document),
    warn: warnings.add,
    follow(value, pointer) {
      if (value.$ref === undefined) return { value, pointer };
      return source.follow(valueAt(document, value.$ref) as typeof value, value.$ref);
    },
  };
  return source;
}

function readPath(source: Source, path: string, item: PathItem): Operation[] {
  const pointer = childPointer("#", "paths", path);
  if ("$ref" in item) {
    source.warn(pointer, "references to path items are not supported: the path is not tested");
    return [];
  }
  return methods.flatMap((method) => {
    const stated = item[method];
    if (typeof stated !== "object" || stated === null) return [];
    const operation = readOperation(source, {
      path,
      method,
      stated: stated as OperationObject,
      shared: item.parameters ?? [],
      pointer: childPointer(pointer, method),
      sharedPointer: childPointer(pointer, "parameters"),
    });
    return operation ? [operation] : [];
  });
}

function readSecuritySchemes({ document, follow }: Source): Record<string, SecurityScheme> {
  const stated = Object.entries(document.components?.securitySchemes ?? {});
  return Object.fromEntries(
    stated.map(([name, scheme]) => [
      name,
      follow(scheme, childPointer("#", "components", "securitySchemes", name)).value,
    ]),
  );
}
