import { describe, expect, test } from "vitest";
import { newEmail, useLocalResend } from "./test-resend.js";

const shared = useLocalResend();

describe("POST /emails/batch", () => {
  test("stores all emails and returns their ids in order", async () => {
    const batch = [newEmail(), newEmail()];
    const { data } = await shared().sdk.batch.send(batch);

    const stored = await Promise.all(batch.map(({ to }) => shared().control.mails(to)));
    expect(data?.data.map(({ id }) => id)).toEqual(stored.map(([email]) => email?.id));
  });

  test("stores nothing when one email is invalid", async () => {
    const good = newEmail();
    const { error } = await shared().sdk.batch.send([good, { ...newEmail(), to: "broken" }]);

    expect(error).toMatchObject({ statusCode: 422, name: "validation_error" });
    expect(await shared().control.mails(good.to)).toEqual([]);
  });

  test("skips and reports the invalid email when validation is permissive", async () => {
    const good = newEmail();
    const { data } = await shared().sdk.batch.send([{ ...newEmail(), to: "broken" }, good], {
      batchValidation: "permissive",
    });

    expect(data?.data).toHaveLength(1);
    expect(data).toMatchObject({ errors: [{ index: 0, message: expect.stringContaining("`to`") }] });
    expect(await shared().control.mails(good.to)).toHaveLength(1);
  });

  test.each([0, 101])("returns validation_error for a batch of %i emails", async (length) => {
    const { error } = await shared().sdk.batch.send(Array.from({ length }, newEmail));
    expect(error).toMatchObject({ statusCode: 422, name: "validation_error" });
  });
});
