import { CashTable } from "@/features/cash/cash-table";
import { sliceOf } from "@/shared/slice";
import { MomentFields } from "@/shared/ui/moment-fields";
import { OfSlice, PartNote } from "@/shared/ui/sliced";
import { PageTitle } from "@/shared/ui/states";
import { SliceBar } from "../slice-bar";
import { usePageSearch } from "../use-search";

export function CashPage() {
  const [search, change] = usePageSearch();
  const moment = { on: search.on, known: search.known };
  // each balance keeps its currency
  const slice = { ...sliceOf(search), base: undefined };
  return (
    <>
      <PageTitle>Cash</PageTitle>
      <MomentFields moment={moment} onChange={change} />
      <SliceBar hasBase={false} />
      <OfSlice slice={slice}>
        <PartNote slice={slice} what="Cash" />
        <CashTable account={search.account} moment={moment} />
      </OfSlice>
    </>
  );
}
