import { deriveFiles } from "../scripts/build/derived-files.js";
import * as app from "../web/app/routes.js";
import { childConfig, reportReady } from "./child.js";

childConfig();
reportReady(await deriveFiles(app));
