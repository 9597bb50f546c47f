import { Resend } from "resend";
import { describe, expect, test } from "vitest";
import { apiKey, newEmail, useLocalResend } from "./test-resend.js";

const shared = useLocalResend();

describe("POST /emails", () => {
  test("stores the email and returns its id", async () => {
    const email = newEmail();
    const { data, error } = await shared().sdk.emails.send(email);

    expect(error).toBeNull();
    const [stored] = await shared().control.mails(email.to);
    expect(stored).toEqual({ ...email, id: data?.id, createdAt: expect.stringMatching(/^\d{4}-.*Z$/) });
  });

  test("accepts several recipients and lists the email under each", async () => {
    const { to, ...email } = newEmail();
    await shared().sdk.emails.send({ ...email, to: [`Ann <${to}>`, `second-${to}`] });

    const [stored] = await shared().control.mails(`second-${to}`);
    expect(stored?.to).toBe(`Ann <${to}>, second-${to}`);
    expect(await shared().control.mails(to.toUpperCase())).toEqual([stored]);
  });

  test.each(["r&d", "ops/eu"])("accepts %s before the @, and a domain in Punycode", async (local) => {
    const email = { ...newEmail(), to: `${local}-${crypto.randomUUID()}@xn--e1afmkfd.xn--p1ai` };
    expect((await shared().sdk.emails.send(email)).error).toBeNull();
    expect(await shared().control.mails(email.to)).toHaveLength(1);
  });

  test("returns missing_api_key without a key", async () => {
    const response = await fetch(`${shared().origin}/emails`, { method: "POST", body: "{}" });

    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({
      statusCode: 401,
      name: "missing_api_key",
      message: expect.any(String),
    });
  });

  test("returns invalid_api_key for another key", async () => {
    const otherSdk = new Resend("re_other", { baseUrl: shared().origin });
    const { error } = await otherSdk.emails.send(newEmail());
    expect(error).toMatchObject({ statusCode: 403, name: "invalid_api_key" });
  });

  test.each(["from", "to", "subject"])(
    "returns missing_required_field for an email without %s",
    async (field) => {
      const { error } = await shared().sdk.emails.send({ ...newEmail(), [field]: undefined });
      expect(error).toMatchObject({ statusCode: 422, name: "missing_required_field" });
      expect(error?.message).toContain(`\`${field}\``);
    },
  );

  test("returns missing_required_field for an email with neither html nor text", async () => {
    const { error } = await shared().sdk.emails.send({ ...newEmail(), html: "", text: "" });
    expect(error).toMatchObject({ statusCode: 422, name: "missing_required_field" });
  });

  test.each([
    ["from", "nobody"],
    ["from", "Acme <hello@>"],
    ["to", "not an address"],
    ["to", ["ok@example.com", "broken@"]],
    ["to", Array.from({ length: 51 }, (_, index) => `user${index}@example.com`)],
    ["html", 7],
  ])("returns validation_error for an email whose %s is %j", async (field, value) => {
    const { error } = await shared().sdk.emails.send({ ...newEmail(), [field]: value });
    expect(error).toMatchObject({ statusCode: 422, name: "validation_error" });
    expect(error?.message).toContain(`\`${field}\``);
  });

  test("returns 400 for a body that is not JSON", async () => {
    const headers = { authorization: `Bearer ${apiKey}` };
    const response = await fetch(`${shared().origin}/emails`, { method: "POST", headers, body: "{" });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ name: "validation_error" });
  });

  test("returns 413 for a body over 5 MiB and keeps serving", async () => {
    const email = newEmail();
    const { error } = await shared().sdk.emails.send({ ...email, text: "x".repeat(6 * 1024 * 1024) });
    expect(error).toMatchObject({ statusCode: 413 });
    expect((await shared().sdk.emails.send(email)).error).toBeNull();
  });
});
