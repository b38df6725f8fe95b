import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  changeAlertRule,
  dismissAlert,
  readAlerts,
  removeAlertRule,
  snoozeAlertRule,
} from "@/shared/api/gen/sdk.gen";
import type { AlertRuleOut, SnoozeIn } from "@/shared/api/gen/types.gen";
import { ProblemError, unwrap } from "@/shared/api/problem";
import { alertsKey } from "@/shared/live/alerts";
import type { Tell } from "@/shared/ui/toast";

/** One change at a time, then everything as it is now. */
function useChange<T>(tell: Tell, act: (what: T) => Promise<unknown>, text: (what: T) => string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (_, what) => {
      tell({ text: text(what), isRefused: false });
    },
    onError: (error) => {
      const isLate = error instanceof ProblemError && error.problem.code === "stale_version";
      const late = "Somebody else changed it first. It is shown as it is now.";
      tell({ text: isLate ? late : error.message, isRefused: true });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: alertsKey }),
  });
}

export const useSwitch = (tell: Tell) =>
  useChange(
    tell,
    (rule: AlertRuleOut) => {
      const { version, direction, threshold, window_days, cool_down_minutes, is_enabled } = rule;
      const kept = { version, direction, threshold, window_days, cool_down_minutes };
      const body = { ...kept, is_enabled: !is_enabled };
      return unwrap(changeAlertRule({ path: { rule_id: rule.id }, body }));
    },
    ({ is_enabled }) => (is_enabled ? "The rule is off" : "The rule is on"),
  );

type Snoozed = { rule: AlertRuleOut; snooze: SnoozeIn["snooze"] };

export const useSnooze = (tell: Tell) =>
  useChange(
    tell,
    ({ rule, snooze }: Snoozed) =>
      unwrap(snoozeAlertRule({ path: { rule_id: rule.id }, body: { snooze } })),
    ({ snooze }) => (snooze === null ? "The rule tells again" : `Nothing for one ${snooze}`),
  );

export const useRemove = (tell: Tell) =>
  useChange(
    tell,
    ({ id, version }: AlertRuleOut) =>
      unwrap(removeAlertRule({ path: { rule_id: id }, query: { version } })),
    () => "The rule is gone; what it told stays in the history",
  );

export const useDismiss = (tell: Tell) =>
  useChange(
    tell,
    (id: string) => unwrap(dismissAlert({ path: { alert_id: id } })),
    () => "Put away",
  );

export const useRead = (tell: Tell) =>
  useChange(
    tell,
    (ids: string[]) => unwrap(readAlerts({ body: { alert_ids: ids } })),
    () => "Marked as read",
  );
