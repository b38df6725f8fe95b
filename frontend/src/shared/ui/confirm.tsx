import { Button, Dialog, DialogTrigger, Heading, Popover } from "react-aria-components";

type Props = {
  /** On the button that asks. */
  label: string;
  /** What it is about, for who does not see where the button stands. */
  about: string;
  question: string;
  /** What is lost, and what is not. */
  consequence: string;
  /** On the button that does it, and on the one that does not. */
  yes: string;
  no: string;
  isDisabled: boolean;
  onConfirm: () => void;
};

/** A button whose deed takes something away: it says what, and asks once more. */
export function Confirm({ label, about, isDisabled, ...asked }: Props) {
  return (
    <DialogTrigger>
      <Button className="btn line" aria-label={`${label}: ${about}`} isDisabled={isDisabled}>
        {label}
      </Button>
      <Popover className="popover max-w-[min(22rem,calc(100vw-2rem))]" placement="bottom end">
        <Dialog role="alertdialog" className="p-3 outline-none">
          {({ close }) => <Question {...asked} close={close} />}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

type QuestionProps = Omit<Props, "label" | "about" | "isDisabled"> & { close: () => void };

function Question({ question, consequence, yes, no, onConfirm, close }: QuestionProps) {
  return (
    <>
      <Heading slot="title" className="text-base font-semibold">
        {question}
      </Heading>
      <p className="text-sm text-ink-2 mt-1.5">{consequence}</p>
      <div className="flex flex-wrap gap-2 mt-3">
        <button
          type="button"
          className="btn primary"
          onClick={() => {
            close();
            onConfirm();
          }}
        >
          {yes}
        </button>
        <button type="button" className="btn line" onClick={close}>
          {no}
        </button>
      </div>
    </>
  );
}
