import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { useState, type ReactNode } from "react";
import {
  Button,
  Collection,
  ComboBox,
  Header,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
  Text,
} from "react-aria-components";
import { instrumentQuery, instrumentsQuery } from "@/shared/api/instruments";
import { benchmarksQuery } from "./queries";

type Props = {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
  /** Beside the field: the way to the blends of one's own. */
  manage?: ReactNode;
};
type Item = { id: string; name: string; detail: string };
type Group = { id: string; title: string; items: Item[] };

/** What to compare with: a shared benchmark, a blend of one's own, or any instrument. */
export function BenchmarkField({ value, onChange, manage }: Props) {
  const list = useQuery(benchmarksQuery);
  const listed = list.data?.items.find((item) => item.id === value);
  const isInstrument = value !== undefined && list.isSuccess && listed === undefined;
  const named = useQuery({ ...instrumentQuery(value ?? ""), enabled: isInstrument });
  const name = listed?.name ?? (isInstrument ? named.data?.symbol : undefined);
  // the field waits for the name of what the address asks for, and begins anew with another
  if (value !== undefined && name === undefined && (list.isPending || named.isLoading)) return null;
  return (
    <div>
      <Field key={value ?? ""} name={name ?? ""} value={value} onChange={onChange} />
      {manage}
    </div>
  );
}

type FieldProps = Omit<Props, "manage"> & { name: string };

function Field({ name, value, onChange }: FieldProps) {
  const [typed, setTyped] = useState(name);
  const words = typed === name ? "" : typed.trim();
  const list = useQuery(benchmarksQuery);
  const found = useQuery({ ...instrumentsQuery(words), placeholderData: keepPreviousData });
  const isFitting = (text: string) => text.toLowerCase().includes(words.toLowerCase());
  const shared = (list.data?.items ?? []).filter((item) => isFitting(item.name));
  const plain = (items: typeof shared): Item[] =>
    items.map((item) => ({ id: item.id, name: item.name, detail: "" }));
  const groups: Group[] = [
    {
      id: "own",
      title: "Your blends",
      items: plain(shared.filter((item) => item.origin === "own")),
    },
    {
      id: "shared",
      title: "Benchmarks",
      items: plain(shared.filter((item) => item.origin === "shared")),
    },
    {
      id: "instruments",
      title: "Instruments",
      items: (found.data?.items ?? []).map(({ id, symbol, name: full }) => ({
        id,
        name: symbol,
        detail: full,
      })),
    },
  ].filter((group) => group.items.length > 0);
  const nothing =
    list.isError || found.isError ? "The benchmarks could not be loaded." : "Nothing of that name.";
  return (
    <ComboBox
      className="field"
      items={groups}
      inputValue={typed}
      onInputChange={(next) => {
        setTyped(next);
        if (next === "" && value !== undefined) onChange(undefined);
      }}
      selectedKey={value ?? null}
      onSelectionChange={(key) => {
        if (typeof key === "string" && key !== value) onChange(key);
      }}
      defaultFilter={() => true}
      menuTrigger="focus"
      allowsEmptyCollection
    >
      <Label>Compare with</Label>
      <div className="relative">
        <Input autoComplete="off" className="w-full" placeholder="Nothing" />
        <Button className="absolute inset-y-0 right-0 w-10 grid place-items-center cursor-pointer">
          <ChevronDown aria-hidden="true" size={16} />
        </Button>
      </div>
      <Text slot="description" className="hint">
        A benchmark, a blend or an instrument; empty for none
      </Text>
      <Popover className="popover w-(--trigger-width) max-h-80 overflow-auto">
        <ListBox
          className="outline-none"
          renderEmptyState={() => <p className="px-2.5 py-2 text-sm text-ink-2">{nothing}</p>}
        >
          {(group: Group) => <Choices group={group} />}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

function Choices({ group }: { group: Group }) {
  return (
    <ListBoxSection id={group.id}>
      <Header className="eyebrow px-2.5 pt-2">{group.title}</Header>
      <Collection items={group.items}>
        {(item) => (
          <ListBoxItem id={item.id} textValue={item.name}>
            <span className="font-semibold">{item.name}</span>{" "}
            <span className="text-ink-2 truncate min-w-0">{item.detail}</span>
          </ListBoxItem>
        )}
      </Collection>
    </ListBoxSection>
  );
}
