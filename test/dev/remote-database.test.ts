import { expect, test } from "vitest";
import { refuseRemoteDatabase } from "../../dev/remote-database.js";

const at = (host: string) => `postgresql://me:pass-of-mine@${host}/app`;

test.each([
  {},
  { DATABASE_URL: "" },
  { NEON_FETCH_ENDPOINT: "https://api.example.com/sql" },
  { DATABASE_URL: at("localhost") },
  { DATABASE_URL: at("127.0.0.1:5433") },
  { DATABASE_URL: at("[::1]:5432") },
  { DATABASE_URL: at("db.localhost") },
  { DATABASE_URL: at("localhost"), NEON_FETCH_ENDPOINT: "http://127.0.0.1:4444/sql" },
])("npm run dev accepts %j", (source) => {
  expect(() => refuseRemoteDatabase(source)).not.toThrow();
});

test.each([
  [{ DATABASE_URL: at("ep-x.eu-central-1.aws.neon.tech") }, "app on ep-x.eu-central-1.aws.neon.tech"],
  [{ DATABASE_URL: at("192.168.0.7:5432") }, "app on 192.168.0.7:5432"],
  [{ DATABASE_URL: at("localhost.example.com") }, "app on localhost.example.com"],
  [
    { DATABASE_URL: at("localhost"), NEON_FETCH_ENDPOINT: "https://api.example.com/sql" },
    "app on localhost, through api.example.com",
  ],
  [
    { DATABASE_URL: at("db.example.com"), NEON_FETCH_ENDPOINT: "http://localhost:4444/sql" },
    "app on db.example.com, through localhost:4444",
  ],
])("npm run dev refuses %j, says what it would do, and names both ways out", (source, name) => {
  const refusal = () => refuseRemoteDatabase(source);
  expect(refusal).toThrow(`not on this machine: ${name}.`);
  expect(refusal).toThrow("would claim the email that waits there");
  expect(refusal).toThrow("remove DATABASE_URL and NEON_FETCH_ENDPOINT from .env");
  expect(refusal).toThrow("npm run dev -- --remote");
  expect(refusal).not.toThrow("pass-of-mine");
});
