import type { ComponentChildren } from "preact";
import { Button } from "./button.js";
import { Failure } from "./failure.js";
import type { Form } from "./form.js";

type Props = {
  form: Form;
  submit: string;
  kind?: "primary" | "plain";
  children?: ComponentChildren;
};

export function AuthForm({ form, submit, kind = "primary", children }: Props) {
  return (
    // If the script does not run, POST keeps the password out of the address bar.
    <form method="post" noValidate onSubmit={form.onSubmit} onInput={form.onInput}>
      {children}
      {form.failure !== undefined && <Failure error={form.failure} />}
      <Button kind={kind} type="submit" isBusy={form.isBusy}>
        {submit}
      </Button>
    </form>
  );
}
