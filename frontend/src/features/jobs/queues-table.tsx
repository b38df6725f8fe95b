import { TriangleAlert } from "lucide-react";
import type { QueueOut } from "@/shared/api/gen/types.gen";
import { counted } from "@/shared/format/format";
import { QUEUE_WORDS } from "./kinds";

/** Every queue: how much waits in it, and what its workers do. */
export function QueuesTable({ queues }: { queues: readonly QueueOut[] }) {
  return (
    <table className="tbl stack self-start" data-testid="queues">
      <caption className="sr">Queues and their workers</caption>
      <thead>
        <tr>
          <th scope="col">Queue</th>
          <th scope="col">Waiting in it</th>
          <th scope="col">Workers</th>
        </tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <tr key={queue.name}>
            <td>
              <span className="font-semibold">{queue.name}</span>{" "}
              <span className="max-md:block text-xs text-ink-2">{QUEUE_WORDS[queue.name]}</span>
            </td>
            <td className="num max-md:order-1 max-md:text-xs max-md:text-ink-2 max-md:col-span-2">
              <span className="md:hidden">Waiting: </span>
              {queue.waiting_count ?? "not known"}
            </td>
            <td className="max-md:!text-right">
              <Workers states={queue.workers} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What a worker says of itself, in words. */
const DOES: Readonly<Record<string, string>> = {
  started: "starting",
  busy: "working",
  idle: "ready",
  suspended: "paused",
};

function Workers({ states }: { states: readonly string[] | null }) {
  if (states === null) return <span className="text-ink-2">not known</span>;
  if (states.length === 0) {
    return (
      <span className="inline-flex items-center gap-1.5 text-warn font-[540]">
        <TriangleAlert aria-hidden="true" size={14} />
        missing
      </span>
    );
  }
  const doing = [...new Set(states)].map((state) => {
    const count = states.filter((other) => other === state).length;
    const word = DOES[state] ?? state;
    return states.length === 1 || count === states.length ? word : `${String(count)} ${word}`;
  });
  return `${counted(states.length, "worker")}, ${doing.join(", ")}`;
}
