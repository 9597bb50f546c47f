import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import type { Form } from "./form.js";

type Props = {
  form: Form;
  name: string;
  label: string;
  type?: "text" | "email" | "password";
  autoComplete: string;
  hint?: ComponentChildren;
  defaultValue?: string | undefined;
  /** For password managers, which store the address with the password. */
  readOnly?: boolean;
  isOptional?: boolean;
};

// One object for each type, because the types of the attributes depend on the literal.
const inputTypes = {
  text: { type: "text", autoCapitalize: "words", dir: "auto" },
  email: { type: "email", autoCapitalize: "none" },
  password: { type: "password", autoCapitalize: "none" },
} as const;

/** A labelled input with its hint and, after a submit, with its error. */
export function Field({ form, name, label, type = "text", hint, isOptional = false, ...input }: Props) {
  const id = useId();
  const [isShown, setShown] = useState(false);
  const message = form.messages[name];
  const isPassword = type === "password";
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class={isPassword ? "password-input" : undefined}>
        <input
          id={id}
          name={name}
          {...inputTypes[isShown ? "text" : type]}
          required={!isOptional}
          {...input}
          spellcheck={false}
          aria-invalid={message !== undefined}
          aria-describedby={hint ? `${id}-hint ${id}-message` : `${id}-message`}
        />
        {isPassword && (
          <button
            type="button"
            aria-label={isShown ? "Hide password" : "Show password"}
            onClick={() => setShown(!isShown)}
          >
            {isShown ? "Hide" : "Show"}
          </button>
        )}
      </div>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <p class="field-error" id={`${id}-message`}>
        {message}
      </p>
    </div>
  );
}
