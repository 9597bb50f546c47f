import { state } from "../scripts/build/stated.js";
import * as app from "../web/app/routes.js";
import { childConfig, reportReady } from "./child.js";

childConfig();
reportReady(await state(app));
