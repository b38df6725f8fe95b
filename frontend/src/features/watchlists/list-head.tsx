import { ArrowLeft, ArrowRight } from "lucide-react";
import type { WatchlistOut } from "@/shared/api/gen/types.gen";
import { Confirm } from "@/shared/ui/confirm";
import { Mover } from "@/shared/ui/mover";
import { NameField } from "@/shared/ui/name-field";
import type { Tell } from "@/shared/ui/toast";
import { useLists } from "./use-lists";

type Props = {
  list: WatchlistOut;
  place: number;
  count: number;
  onRename: (name: string) => void;
  tell: Tell;
};

/** A list's name, its place among the others, and its end. */
export function ListHead({ list, place, count, onRename, tell }: Props) {
  const { move, remove } = useLists(tell);
  const mover = (by: 1 | -1) => ({
    isOff: move.isPending || place + by < 0 || place + by >= count,
    onPress: () => {
      move.mutate({ list, by });
    },
  });
  return (
    <div className="flex flex-wrap items-end gap-3 mb-6">
      <div className="w-60 max-w-full">
        <NameField label="Called" name={list.name} onSave={onRename} />
      </div>
      {count > 1 && (
        <div className="flex gap-1">
          <Mover label={`Move ${list.name} before the list on its left`} {...mover(-1)}>
            <ArrowLeft aria-hidden="true" size={16} />
          </Mover>
          <Mover label={`Move ${list.name} behind the list on its right`} {...mover(1)}>
            <ArrowRight aria-hidden="true" size={16} />
          </Mover>
        </div>
      )}
      <Confirm
        label="Remove"
        about={list.name}
        question={`Remove ${list.name}?`}
        consequence="The list, its order and its notes are gone. Instruments, prices and records are not."
        yes="Remove it"
        no="Keep it"
        isDisabled={remove.isPending}
        onConfirm={() => {
          remove.mutate(list);
        }}
      />
    </div>
  );
}
