import { inside } from "../schema/valid-value.js";
import { type Place, type SchemaContext, variantsOf } from "../schema/variants.js";
import { type Api, type Operation, responseOf } from "./operation.js";

/** Error codes that a response with this status may carry: the `enum` of the member that holds them. */
export function codesOf(op: Operation, status: number, member: string, { at }: Pick<Api, "at">): string[] {
  const context: SchemaContext = { at, warn: () => {} };
  const listed = (place: Place) =>
    variantsOf(place, context).flatMap(({ schema }) =>
      "const" in schema ? [schema.const] : (schema.enum ?? []),
    );
  return Object.values(responseOf(op, status)?.content ?? {})
    .flatMap((shape) => (shape ? variantsOf(shape.place, context) : []))
    .flatMap((variant) => {
      const schema = variant.schema.properties?.[member];
      return schema === undefined ? [] : listed(inside(variant, schema, "properties", member));
    })
    .map(String);
}
