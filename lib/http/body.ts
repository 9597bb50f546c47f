import type { Context } from "hono";
import { bodyTypesOf, type Operation } from "../contract.js";
import { Problem } from "../problem.js";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Checks the media type and the encodings of the body, before the validator parses it.
 * @throws Problem `unsupported-media-type`, or `malformed-json` if the bytes are not UTF-8 (RFC 8259 section 8.1)
 */
export async function checkBody(c: Context, op: Operation): Promise<void> {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  const accepted = bodyTypesOf(op);
  const acceptHeader = { [op.method === "patch" ? "accept-patch" : "accept"]: accepted.join(", ") };
  if (!type || !accepted.includes(type)) {
    throw new Problem("unsupported-media-type", {
      detail: `Send ${accepted.join(" or ")}.`,
      headers: acceptHeader,
    });
  }
  const encoding = c.req.header("content-encoding")?.trim().toLowerCase();
  if (encoding && encoding !== "identity") {
    throw new Problem("unsupported-media-type", {
      detail: "Send the body without compression.",
      headers: { ...acceptHeader, "accept-encoding": "identity" },
    });
  }
  try {
    utf8.decode(await c.req.arrayBuffer());
  } catch {
    throw new Problem("malformed-json");
  }
}
