export type RenderedEmail = { subject: string; text: string; html: string };

/** The content of an email: what happened, at most one action, and advice for people who did not expect it. */
export type EmailContent = {
  subject: string;
  paragraphs: string[];
  action?: { label: string; url: string };
  closing: string[];
  /** A second link, for people who did not expect the email. */
  notMe?: { advice: string; label: string; url: string };
};

const escapes: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escapeHtml = (value: string) =>
  value.replace(/[&<>"']/g, (character) => escapes[character] ?? character);

const paragraph = (value: string, style: string) =>
  `<p style="margin:0 0 16px;${style}">${escapeHtml(value)}</p>`;
const quiet = "font-size:14px;color:#686359;";

/** Renders the content as text and as HTML. The HTML loads nothing, because email clients block remote content. */
export function renderEmail(content: EmailContent, appUrl: string): RenderedEmail {
  const { subject, paragraphs, action, closing, notMe } = content;
  const host = new URL(appUrl).host;
  const text = [
    ...paragraphs,
    ...(action ? [`${action.label}:\n${action.url}`] : []),
    ...closing,
    ...(notMe ? [notMe.advice, `${notMe.label}:\n${notMe.url}`] : []),
    host,
  ].join("\n\n");

  const button = action
    ? `<p style="margin:24px 0"><a href="${escapeHtml(action.url)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#1d1b18;color:#ffffff;text-decoration:none;font-weight:600">${escapeHtml(action.label)}</a></p>
<p style="margin:0 0 16px;${quiet}word-break:break-all">Or open this link: <a href="${escapeHtml(action.url)}" style="color:#8f5410">${escapeHtml(action.url)}</a></p>`
    : "";
  const disavowal = notMe
    ? `${paragraph(notMe.advice, quiet)}
<p style="margin:0 0 16px;${quiet}word-break:break-all"><a href="${escapeHtml(notMe.url)}" style="color:#8f5410;font-weight:600">${escapeHtml(notMe.label)}</a><br>${escapeHtml(notMe.url)}</p>`
    : "";
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:24px;background:#f6f5f2;color:#1d1b18;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<div style="max-width:520px;margin:0 auto;padding:32px;border-radius:12px;background:#ffffff">
<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">${escapeHtml(subject)}</h1>
${paragraphs.map((value) => paragraph(value, "")).join("\n")}
${button}
${closing.map((value) => paragraph(value, quiet)).join("\n")}
${disavowal}
<p style="margin:24px 0 0;${quiet}">${escapeHtml(host)}</p>
</div>
</body>
</html>
`;
  return { subject, text: `${text}\n`, html };
}
