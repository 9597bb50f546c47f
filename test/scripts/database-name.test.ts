import { expect, test } from "vitest";
import { databaseName } from "../../scripts/database-name.js";

test.each([
  ["postgresql://me:password@ep-x.aws.neon.tech/neondb?sslmode=require", "neondb on ep-x.aws.neon.tech"],
  ["postgres://me:secret@localhost:5433/app", "app on localhost:5433"],
  ["postgres://me@[::1]/app", "app on [::1]"],
  ["postgres://me:sec@ret@host/app", "app on host"],
])("databaseName of %s has the database and the host only", (url, expected) => {
  expect(databaseName({ DATABASE_URL: url })).toBe(expected);
});

test("databaseName includes the host of the endpoint, without its user and password", () => {
  const source = {
    DATABASE_URL: "postgres://me:secret@localhost/app",
    NEON_FETCH_ENDPOINT: "http://other:secret@127.0.0.1:4444/sql",
  };
  expect(databaseName(source)).toBe("app on localhost, through 127.0.0.1:4444");
});

test.each([undefined, "", "secret", "postgres://me:12/secret@host/app", "postgres://me:sec/ret@host/app"])(
  "databaseName reveals no part of a malformed value: %s",
  (url) => {
    const source = url === undefined ? {} : { DATABASE_URL: url };
    expect(databaseName(source)).toBe("unknown, because DATABASE_URL is missing or malformed");
  },
);
