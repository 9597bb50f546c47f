import { type ExportedRow, type ExportPlace, type SectionName, sectionNames } from "./queries/export.js";

export type ExportPages = {
  first: readonly ExportedRow[];
  /** The page after a row. If it rejects, the stream breaks off. */
  next(after: ExportPlace): Promise<readonly ExportedRow[]>;
};

/** No page is read before the reader asks for it. */
const strategy = { highWaterMark: 0 };

/**
 * The JSON document of an export. It reads a page when the reader wants more, so that it holds one page at a time,
 * however slow the reader is.
 */
export function exportStream({ first, next }: ExportPages, exportedAt: Date): ReadableStream<Uint8Array> {
  const document = createDocument(exportedAt);
  const encoder = new TextEncoder();
  let page: readonly ExportedRow[] | undefined = first;
  let after: ExportPlace | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const rows: readonly ExportedRow[] = page ?? (after ? await next(after) : []);
        page = undefined;
        after = rows.at(-1);
        const isLast = rows.at(-1)?.hasNext !== true;
        controller.enqueue(encoder.encode(document.write(rows) + (isLast ? document.end() : "")));
        if (isLast) controller.close();
      },
    },
    strategy,
  );
}

/** The account is one object, every other section a list. */
const isList = (name: SectionName | undefined) => name !== undefined && name !== "account";

function createDocument(exportedAt: Date) {
  let text = `{"exportedAt":${JSON.stringify(exportedAt)}`;
  let section = -1;
  let rowsOfSection = 0;

  /** Ends this section and begins those up to `index`, most of which may be empty. */
  function advanceTo(index: number): void {
    while (section < index) {
      if (isList(sectionNames[section])) text += "]";
      section += 1;
      rowsOfSection = 0;
      const name = sectionNames[section];
      if (name) text += `,"${name}":${isList(name) ? "[" : ""}`;
    }
  }

  function take(): string {
    const taken = text;
    text = "";
    return taken;
  }

  return {
    write(rows: readonly ExportedRow[]): string {
      for (const { section: name, data } of rows) {
        advanceTo(sectionNames.indexOf(name));
        text += (rowsOfSection > 0 ? "," : "") + JSON.stringify(data);
        rowsOfSection += 1;
      }
      return take();
    },
    /** @throws Error if the account was missing, because the document would lack its first section */
    end(): string {
      if (section < 0) throw new Error("the account of an export is missing");
      advanceTo(sectionNames.length);
      text += "}";
      return take();
    },
  };
}
