import { linkToken } from "../link-token.js";
import { tokenIn } from "../token-in.js";
import { AuthForm } from "./auth-form.js";
import { Field } from "./field.js";
import { refusedField } from "./field-messages.js";
import { useForm } from "./form.js";

/** Accepts a link that lost its token on the way: some email programs and gateways change links. */
export function PasteLink() {
  const form = useForm(async ({ link = "" }) => {
    const token = tokenIn(link);
    if (!token) throw refusedField("link", "This is not the whole link. Copy all of it from the email.");
    linkToken.set(token);
  });
  return (
    <AuthForm form={form} submit="Continue" kind="plain">
      <Field
        form={form}
        name="link"
        label="Link from the email"
        autoComplete="off"
        hint="If the link itself brought you here, copy its whole address from the email and paste it."
      />
    </AuthForm>
  );
}
