import type { ComponentChildren } from "preact";
import { Button } from "./button.js";
import { Failure } from "./failure.js";
import type { Form } from "./form.js";

type Props = {
  form: Form;
  submit: string;
  kind?: "primary" | "plain";
  children?: ComponentChildren;
  /** More that helps after a failure. */
  help?: ComponentChildren;
};

export function AuthForm({ form, submit, kind = "primary", children, help }: Props) {
  return (
    // The post keeps what was typed out of the address, should the script fail.
    <form method="post" noValidate onSubmit={form.onSubmit} onInput={form.onInput}>
      {children}
      {form.failure !== undefined && <Failure error={form.failure}>{help}</Failure>}
      <Button kind={kind} type="submit" isBusy={form.isBusy}>
        {submit}
      </Button>
    </form>
  );
}
