import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { command, doctor } from "./run-command.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

describe("npm run db:generate", () => {
  test("exits with 1 without a name", async () => {
    expect(await command("generate-migration", {})).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining("--name add_notes"),
    });
  });
});

describe("npm run build", () => {
  test("on Vercel exits with 1 and names every missing variable, without values", async () => {
    const { exitCode, output } = await command("build", {
      VERCEL: "1",
      APP_URL: "http://app.example.com",
      MAIL_FROM: "",
    });
    expect(exitCode).toBe(1);
    expect(output).toContain("DATABASE_URL is missing");
    expect(output).toContain("APP_URL must use https");
    expect(output).not.toContain("app.example.com\n");
  });

  describe("with MIGRATE_ON_DEPLOY=on in production", () => {
    const vercel = {
      VERCEL: "1",
      VERCEL_ENV: "production",
      MIGRATE_ON_DEPLOY: "on",
      APP_URL: "https://app.example.com",
    };
    const journal = "select id, hash from drizzle.__drizzle_migrations order by id";
    const columns =
      "select table_name, column_name from information_schema.columns where table_schema = 'public' order by 1, 2";

    test("applies the pending migrations after the build", async () => {
      const own = await startStack();
      try {
        await own.sql("drop schema drizzle cascade");
        await own.sql("drop schema public cascade");
        await own.sql("create schema public");
        const { exitCode, output } = await command("build", {
          ...own.env,
          ...vercel,
          DATABASE_URL: own.ownerUrl,
        });
        expect(output).toMatch(/Applied \d+ of \d+ migrations/);
        expect(exitCode).toBe(0);
        expect((await doctor(stack, { ...own.env, DATABASE_URL: own.ownerUrl })).exitCode).toBe(0);
      } finally {
        await own.stop();
      }
    });

    test("exits with 1 and leaves the database unchanged when a migration fails", async () => {
      const own = await startStack();
      try {
        // The first migration becomes pending again, and its tables exist already.
        await own.sql("delete from drizzle.__drizzle_migrations");
        const before = await own.sql(columns);
        const { exitCode, output } = await command("build", {
          ...own.env,
          ...vercel,
          DATABASE_URL: own.ownerUrl,
        });
        expect(output).toContain("The build stopped because the migration failed");
        expect(exitCode).toBe(1);
        expect(await own.sql(columns)).toEqual(before);
        expect(await own.sql(journal)).toEqual([]);
      } finally {
        await own.stop();
      }
    });
  });
});
