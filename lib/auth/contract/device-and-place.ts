import * as z from "zod";
import { deviceKinds } from "../../../db/schema/sessions.js";

const name = (description: string, example: string) =>
  z
    .string()
    .nullable()
    .meta({ description: `${description}; null: not known`, example });

/** The device that sent a request, in words. */
export const device = z
  .strictObject({
    browser: name("Name of the browser", "Chrome"),
    os: name("Name of the operating system", "Windows"),
    kind: name(
      `${deviceKinds.map((kind) => `\`${kind}\``).join(", ")}; later versions may add others`,
      deviceKinds[0],
    ),
  })
  .meta({ id: "Device" });

/** Where a request came from, in words. */
export const place = name("Where the IP address is, roughly", "near Aarhus, DK");
