import type { BrowserContext, Page } from "playwright-core";

/** Records the messages for screen readers: the page removes each after five seconds, which a busy test may miss. */
export const recordAnnouncements = (context: BrowserContext) =>
  context.addInitScript(() => {
    const texts: string[] = [];
    Object.assign(window, { announcements: texts });
    const record = () => {
      for (const { textContent } of document.querySelectorAll("[role=status]")) texts.push(textContent ?? "");
    };
    new MutationObserver(record).observe(document, { childList: true, characterData: true, subtree: true });
  });

/** Waits until a page has announced this, if it has not done so already. */
export const announced = (page: Page, text: string) =>
  page.waitForFunction((wanted) => {
    const texts: unknown = Reflect.get(window, "announcements");
    return Array.isArray(texts) && texts.some((one) => String(one).includes(wanted));
  }, text);
