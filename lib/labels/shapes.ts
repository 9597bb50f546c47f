import * as z from "zod";
import { id, timestamp } from "../schemas.js";

/** Each member is the column of the same name in `labels`. */
export const label = z
  .strictObject({
    id: id("UUIDv7 of the label", "019aaf3e-9b1d-7f60-8c42-5a1e6d3b7c90"),
    name: z.string().meta({ example: "Garden" }),
    version: z.int().min(1).meta({ description: "Grows by one with each change", example: 1 }),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "Label" });
export type Label = z.output<typeof label>;

export const countedLabel = label
  .extend({
    taskCount: z.int().meta({ description: "Tasks with the label, not counting the trash", example: 3 }),
  })
  .meta({ id: "CountedLabel" });
export type CountedLabel = z.output<typeof countedLabel>;
