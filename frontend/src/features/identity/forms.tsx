import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { getAuthOptions } from "@/shared/api/gen/sdk.gen";
import { fieldError, ProblemError, unwrap } from "@/shared/api/problem";
import { enter, enterDemo, join } from "@/shared/api/session";
import { CURRENCY_OPTIONS, SelectField, TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";

const optionsQuery = queryOptions({
  queryKey: ["auth-options"],
  queryFn: () => unwrap(getAuthOptions()),
});

type Props = { onEntered: () => void };

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
};

/** Errors that name a field stand beside it; only the others need a notice. */
function FormProblem({ error, fields }: { error: unknown; fields: readonly string[] }) {
  if (!error || fields.some((field) => fieldError(error, field))) return null;
  const wrong = error instanceof ProblemError && error.problem.status === 401;
  return <ProblemNotice error={error} title={wrong ? "Not signed in" : "That did not work"} />;
}

export function SignInForm({ onEntered }: Props) {
  const options = useQuery(optionsQuery);
  const signIn = useMutation({ mutationFn: enter, onSuccess: onEntered });
  const demo = useMutation({ mutationFn: enterDemo, onSuccess: onEntered });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signIn.mutate({ email: text(form, "email"), password: text(form, "password") });
  };
  return (
    <>
      <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <FormProblem error={signIn.error ?? demo.error} fields={["email", "password"]} />
        <TextField
          label="E-mail address"
          name="email"
          type="email"
          autoComplete="username"
          required
          error={fieldError(signIn.error, "email") && "This is not an e-mail address"}
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          error={fieldError(signIn.error, "password") && "Enter your password"}
        />
        <button type="submit" className="btn primary justify-center" disabled={signIn.isPending}>
          {signIn.isPending ? "Signing in…" : "Sign in"}
        </button>
      </form>
      {options.data?.is_demo_available && (
        <div className="mt-6 pt-6 border-t border-rule">
          <button
            type="button"
            className="btn line w-full justify-center"
            disabled={demo.isPending}
            onClick={() => {
              demo.mutate();
            }}
          >
            Open the demo portfolio
          </button>
          <p className="text-xs text-ink-2 mt-2">
            Real prices of four shares, 2003 to 2013. No sign-up needed.
          </p>
        </div>
      )}
    </>
  );
}

export function SignUpForm({ onEntered }: Props) {
  const signUp = useMutation({ mutationFn: join, onSuccess: onEntered });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signUp.mutate({
      email: text(form, "email"),
      password: text(form, "password"),
      display_name: text(form, "display_name"),
      base_currency: text(form, "base_currency"),
    });
  };
  const { error } = signUp;
  const taken = error instanceof ProblemError && error.problem.code === "email_taken";
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
      {!taken && <FormProblem error={error} fields={["email", "password", "display_name"]} />}
      <TextField
        label="Your name"
        name="display_name"
        autoComplete="name"
        required
        error={fieldError(error, "display_name") && "Enter a name"}
      />
      <TextField
        label="E-mail address"
        name="email"
        type="email"
        autoComplete="username"
        required
        error={
          taken
            ? "This address is in use"
            : fieldError(error, "email") && "This is not an e-mail address"
        }
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        hint="At least 12 characters; a sentence is fine."
        error={fieldError(error, "password") && "At least 12 characters"}
      />
      <SelectField
        label="Show totals in"
        name="base_currency"
        defaultValue="USD"
        options={CURRENCY_OPTIONS}
      />
      <button type="submit" className="btn primary justify-center" disabled={signUp.isPending}>
        {signUp.isPending ? "Creating…" : "Create account"}
      </button>
    </form>
  );
}
