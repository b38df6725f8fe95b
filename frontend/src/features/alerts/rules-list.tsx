import { useQuery } from "@tanstack/react-query";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import type { AlertRuleOut, SnoozeIn } from "@/shared/api/gen/types.gen";
import { ago, counted, instant } from "@/shared/format/format";
import { Answered } from "@/shared/ui/answered";
import { Confirm } from "@/shared/ui/confirm";
import { EmptyState, Section } from "@/shared/ui/states";
import type { Tell } from "@/shared/ui/toast";
import { rulesQuery } from "./queries";
import { RuleSentence } from "./sentences";
import { useRemove, useSnooze, useSwitch } from "./use-changes";

type Props = { canChange: boolean; tell: Tell };

/** What the portfolio is told of. */
export function RulesList({ canChange, tell }: Props) {
  const query = useQuery(rulesQuery);
  return (
    <Section id="rules" title="Rules">
      <Answered query={query} what="the rules" rows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No rules yet">
              <p>
                {canChange
                  ? "Make one above: you are told here, and on the bell, as soon as it happens."
                  : "Who may change this portfolio can make some."}
              </p>
            </EmptyState>
          ) : (
            <ul aria-label="Rules" className="border-t border-rule">
              {items.map((rule) => (
                <Row
                  key={rule.id}
                  rule={rule}
                  now={query.dataUpdatedAt}
                  canChange={canChange}
                  tell={tell}
                />
              ))}
            </ul>
          )
        }
      </Answered>
    </Section>
  );
}

type RowProps = Props & { rule: AlertRuleOut; now: number };

const isSnoozed = ({ snoozed_until: until }: AlertRuleOut, now: number): boolean =>
  until !== null && Date.parse(until) > now;

function standing(rule: AlertRuleOut, now: number): string {
  if (!rule.is_enabled) return "Off";
  if (isSnoozed(rule, now)) return `Snoozed until ${instant(rule.snoozed_until ?? "")}`;
  if (rule.threshold === null) return "On";
  if (rule.side === null) return "On; its figure is not known yet";
  return rule.side === "past" ? "Past it; tells again after it went back" : "Waiting for it";
}

function Row({ rule, now, canChange, tell }: RowProps) {
  const told = rule.fired_at
    ? `told ${counted(rule.fired_count, "time")}, last ${ago(rule.fired_at, now)}`
    : "told nothing yet";
  return (
    <li className="border-b border-rule py-3 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
      <div className="min-w-0 break-words">
        <p className={rule.is_enabled ? "" : "text-ink-2"}>
          <RuleSentence rule={rule} />
        </p>
        <p className="text-xs text-ink-2">
          {standing(rule, now)} · {told}
        </p>
      </div>
      {canChange && <Controls rule={rule} isAsleep={isSnoozed(rule, now)} tell={tell} />}
    </li>
  );
}

const SNOOZES = [
  ["hour", "For an hour"],
  ["day", "For a day"],
  ["week", "For a week"],
] as const;

type ControlsProps = { rule: AlertRuleOut; isAsleep: boolean; tell: Tell };

function Controls({ rule, isAsleep, tell }: ControlsProps) {
  const turn = useSwitch(tell);
  const snooze = useSnooze(tell);
  const remove = useRemove(tell);
  const isBusy = turn.isPending || snooze.isPending || remove.isPending;
  const sleep = (wanted: SnoozeIn["snooze"]) => {
    snooze.mutate({ rule, snooze: wanted });
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <button
        type="button"
        className="btn line"
        aria-pressed={rule.is_enabled}
        disabled={isBusy}
        onClick={() => {
          turn.mutate(rule);
        }}
      >
        {rule.is_enabled ? "On" : "Off"}
      </button>
      {isAsleep ? (
        <button
          type="button"
          className="btn line"
          disabled={isBusy}
          onClick={() => {
            sleep(null);
          }}
        >
          Wake
        </button>
      ) : (
        <MenuTrigger>
          <Button className="btn line" isDisabled={isBusy || !rule.is_enabled}>
            Snooze
          </Button>
          <Popover className="popover" placement="bottom end">
            <Menu
              aria-label="Snooze"
              className="outline-none"
              onAction={(key) => {
                const found = SNOOZES.find(([name]) => name === key);
                if (found) sleep(found[0]);
              }}
            >
              {SNOOZES.map(([name, text]) => (
                <MenuItem key={name} id={name}>
                  {text}
                </MenuItem>
              ))}
            </Menu>
          </Popover>
        </MenuTrigger>
      )}
      <Confirm
        label="Remove"
        about={rule.symbol ?? rule.account_name ?? "the rule"}
        question="Remove this rule?"
        consequence="It tells nothing any more. What it told stays in the history."
        yes="Remove it"
        no="Keep it"
        isDisabled={isBusy}
        onConfirm={() => {
          remove.mutate(rule);
        }}
      />
    </div>
  );
}
