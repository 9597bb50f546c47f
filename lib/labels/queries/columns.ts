import { columnsFor } from "../../../db/columns.js";
import { labels } from "../../../db/schema/labels.js";
import { label } from "../shapes.js";

/** A label as responses show it. */
export const labelColumns = columnsFor(labels, label.shape);
