import { screen } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { http } from "msw";
import type { ReportIn } from "@/shared/api/gen/types.gen";
import { api, refuse, server } from "./server";

/** Press a button that keeps what a page says, under the name it suggests; what was sent. */
export async function keptBy(user: UserEvent, button: string): Promise<ReportIn> {
  const bodies: ReportIn[] = [];
  server.use(
    http.post(api("/reports"), async ({ request }) => {
      bodies.push((await request.json()) as ReportIn);
      return refuse(409, { detail: "not now" });
    }),
  );
  await user.click(await screen.findByRole("button", { name: button }));
  await user.click(screen.getByRole("button", { name: "Keep" }));
  await screen.findByText("not now");
  const [sent] = bodies;
  if (!sent) throw new Error("nothing was sent");
  return sent;
}
