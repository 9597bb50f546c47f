/** @typedef {{ label: string, url: string }} Link */

/**
 * Returns the distinct links of an email: first those of its HTML with their labels, then URLs in its text.
 * @param {{ html: string, text: string }} email
 * @returns {Link[]}
 */
export function linksOf({ html, text }) {
  // A parsed document runs no scripts and loads nothing, but it inherits this page's content security policy.
  // Renaming inline styles prevents a policy violation report for each of them.
  const inert = html.replace(/(?<=\s)style(?=\s*=)|(?<=<\/?)style\b/gi, "data-style");
  const anchors = [...new DOMParser().parseFromString(inert, "text/html").querySelectorAll("a[href]")];
  const found = [
    ...anchors.map((anchor) => ({
      url: anchor.getAttribute("href") ?? "",
      label: (anchor.textContent ?? "").replace(/\s+/g, " ").trim(),
    })),
    ...[...text.matchAll(/https?:\/\/[^\s<>"]+/g)].map(([url]) => ({
      url: url.replace(/[.,;:!?)\]]+$/, ""),
      label: "",
    })),
  ];

  /** @type {Map<string, Link>} */
  const links = new Map();
  for (const { url, label } of found) {
    if (isSafe(url) && !links.has(url)) links.set(url, { url, label: label === url ? "" : label });
  }
  return [...links.values()];
}

/** @param {string} url */
function isSafe(url) {
  return /^(?:https?|mailto):/i.test(url);
}
