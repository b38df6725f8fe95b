import type { FormEvent, ReactNode } from "react";
import { useState } from "react";
import { Button, Dialog, DialogTrigger, Heading, Popover } from "react-aria-components";
import { fieldError } from "@/shared/api/problem";
import { TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";

type DoorProps = { label: ReactNode; children: (close: () => void) => ReactNode };

/** A button that opens a small dialog beside it. */
export function Door({ label, children }: DoorProps) {
  return (
    <DialogTrigger>
      <Button className="btn line">{label}</Button>
      <Popover className="popover w-[min(22rem,calc(100vw-2rem))]" placement="bottom end">
        <Dialog className="p-3 outline-none">{({ close }) => children(close)}</Dialog>
      </Popover>
    </DialogTrigger>
  );
}

type Props = {
  title: string;
  about?: string;
  /** What stands in the field at first. */
  name: string;
  /** On the button, and above a refusal. */
  deed: string;
  failure: string;
  error: unknown;
  isBusy: boolean;
  onName: (name: string) => void;
};

/** Asks for the name of a report. */
export function NameForm({ title, about, deed, failure, error, isBusy, onName, ...asked }: Props) {
  const [name, setName] = useState(asked.name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onName(name.trim());
  };
  const beside = fieldError(error, "name");
  return (
    <form noValidate onSubmit={submit}>
      <Heading slot="title" className="text-base font-semibold">
        {title}
      </Heading>
      {about && <p className="text-sm text-ink-2 mt-1.5">{about}</p>}
      <div className="mt-3">
        <TextField
          label="Name"
          name="name"
          maxLength={120}
          autoComplete="off"
          value={name}
          error={beside}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
      </div>
      {error !== null && !beside && (
        <div className="mt-3">
          <ProblemNotice error={error} title={failure} />
        </div>
      )}
      <button type="submit" className="btn primary mt-3" disabled={isBusy || name.trim() === ""}>
        {deed}
      </button>
    </form>
  );
}
