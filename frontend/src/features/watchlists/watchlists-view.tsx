import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { InstrumentOut, WatchlistOut } from "@/shared/api/gen/types.gen";
import { Answered } from "@/shared/ui/answered";
import { Choice } from "@/shared/ui/choice";
import { EmptyState, Section } from "@/shared/ui/states";
import { Toast, type Tell, type Told } from "@/shared/ui/toast";
import { ListHead } from "./list-head";
import { NewList } from "./new-list";
import { watchlistsQuery } from "./queries";
import { useEdits } from "./use-edits";
import { WatchedTable } from "./watched-table";

/** A field that finds an instrument and gives it away at once. */
export type PickInstrument = (onPicked: (instrument: InstrumentOut) => void) => ReactNode;

const NEW = "new";

type Props = {
  /** The list that is looked at; the first one where none is named. */
  chosen: string | undefined;
  onChoose: (id: string | undefined) => void;
  canChange: boolean;
  pick: PickInstrument;
};

/** Lists of instruments one keeps an eye on, with their last trades. */
export function WatchlistsView(props: Props) {
  const [told, setTold] = useState<Told | null>(null);
  return (
    <>
      <Answered query={useQuery(watchlistsQuery)} what="the watchlists">
        {({ items }) => <Lists {...props} lists={items} tell={setTold} />}
      </Answered>
      <Toast
        told={told}
        onClose={() => {
          setTold(null);
        }}
      />
    </>
  );
}

type ListsProps = Props & { lists: readonly WatchlistOut[]; tell: Tell };

function Lists({ lists, chosen, onChoose, canChange, pick, tell }: ListsProps) {
  const [isMaking, setMaking] = useState(false);
  const list = lists.find(({ id }) => id === chosen) ?? lists[0];
  const choose = (id: string) => {
    setMaking(id === NEW);
    if (id !== NEW) onChoose(id);
  };
  const making = (
    <NewList
      onMade={({ id }) => {
        choose(id);
      }}
    />
  );
  if (!list) return <NoList>{canChange && making}</NoList>;
  const options = [
    ...lists.map(({ id, name }) => [id, name] as const),
    ...(canChange ? [[NEW, "New"] as const] : []),
  ];
  return (
    <>
      <div className="mb-5">
        <Choice
          label="Watchlist"
          value={isMaking ? NEW : list.id}
          options={options}
          onChange={choose}
        />
      </div>
      {isMaking ? (
        <Section id="new" title="A new list">
          {making}
        </Section>
      ) : (
        <OneList
          key={list.id}
          list={list}
          place={lists.indexOf(list)}
          count={lists.length}
          canChange={canChange}
          pick={pick}
          tell={tell}
        />
      )}
    </>
  );
}

function NoList({ children }: { children: ReactNode }) {
  return (
    <EmptyState title="No watchlist yet">
      <p>A list keeps an eye on instruments, held or not: their last trades, and your notes.</p>
      {children}
    </EmptyState>
  );
}

type OneListProps = Pick<ListsProps, "canChange" | "pick" | "tell"> & {
  list: WatchlistOut;
  place: number;
  count: number;
};

function OneList({ list, place, count, canChange, pick, tell }: OneListProps) {
  const edits = useEdits(list.id, tell);
  return (
    <>
      {canChange && (
        <>
          <ListHead list={list} place={place} count={count} onRename={edits.rename} tell={tell} />
          <div className="max-w-sm mb-6">
            {pick(({ id, symbol }) => {
              edits.add({ instrument_id: id }, symbol);
            })}
          </div>
        </>
      )}
      {list.items.length === 0 ? (
        <EmptyState title="Nothing on this list yet">
          <p>
            {canChange
              ? "Find an instrument above, by symbol or name; it is added at once."
              : "Who may change this portfolio can put instruments on it."}
          </p>
        </EmptyState>
      ) : (
        <WatchedTable list={list} canChange={canChange} edits={edits} />
      )}
    </>
  );
}
