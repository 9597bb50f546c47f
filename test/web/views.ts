import { accountViews } from "./account-views.js";
import { adminViews } from "./admin-views.js";
import { siteViews } from "./site-views.js";
import { taskViews } from "./task-views.js";
import type { View } from "./view.js";

export const views: View[] = [...accountViews, ...taskViews, ...adminViews, ...siteViews];
