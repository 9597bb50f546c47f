import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { startStackForTest } from "../stack/stack.js";
import { appOrigin, openBrowser } from "./browser.js";
import { createSampleUsers, signInContext } from "./sample-users.js";
import { views } from "./views.js";

const folder = fileURLToPath(new URL("../../.screenshots", import.meta.url));
const widths = (process.env["WIDTHS"] ?? "360,768,1280").split(",").map(Number);
const themes = ["light", "dark"] as const;
const chosen = process.env["VIEWS"]?.split(",");

test("takes a screenshot of every view at each width in both themes", async () => {
  await mkdir(folder, { recursive: true });
  const stack = await startStackForTest();
  const users = await createSampleUsers(stack);
  const browser = await openBrowser(stack);
  let count = 0;
  for (const { name, as, open } of views) {
    if (chosen && !chosen.includes(name)) continue;
    // All visitors share one address, so they would use up its rate limit.
    await stack.sql("delete from throttle");
    for (const colorScheme of themes) {
      const context = await browser.newContext({
        baseURL: appOrigin,
        colorScheme,
        locale: "en-GB",
      });
      if (as !== "nobody") await signInContext(context, stack, as === "admin" ? users.admin : users.person);
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      await open(page, users);
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 });
        await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true });
        count += 1;
      }
      await context.close();
    }
  }
  await browser.close();
  expect(count).toBe((chosen ?? views).length * widths.length * themes.length);
}, 1_200_000);
