import { expect, test } from "vitest";
import { readDocument } from "../src/document/read-document.js";
import { createResources } from "../src/run/resources.js";
import { createWarnings } from "../src/warnings.js";

const ok = { responses: { 200: { description: "OK" } } };
const paths = {
  "/things": { get: ok },
  "/things/{id}": { get: ok },
  "/things/{id}/parts": { get: ok },
  "/things/{id}/parts/{part}": { get: ok },
  "/other/{id}": { get: ok },
};
const document = { openapi: "3.1.0", info: { title: "Things", version: "1" }, paths };

const { operations } = readDocument(document, createWarnings());
const known = (resources: ReturnType<typeof createResources>) =>
  operations.map(({ path }) => resources.pick(path, 0));
const list = operations.find(({ path }) => path === "/things");
if (!list) throw new Error("the sample has no list");

test("learns items and their subresources from a list", () => {
  const resources = createResources(operations, { baseUrl: "http://localhost", listedIds: () => ["7"] });
  resources.learn(list, "/things?limit=1", { status: 200, headers: new Headers(), text: "[]" });
  expect(known(resources)).toEqual([undefined, "/things/7", "/things/7/parts", undefined, undefined]);
});

test("learns a new resource and its subresources from its Location", () => {
  const resources = createResources(operations, { baseUrl: "http://localhost" });
  resources.learn(list, "/things", {
    status: 201,
    headers: new Headers({ location: "/things/7" }),
    text: "{}",
  });
  expect(known(resources)).toEqual([undefined, "/things/7", "/things/7/parts", undefined, undefined]);
});
