import { fireEvent, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test, vi } from "vitest";
import { show } from "@/shared/testing/render";
import { BATCH } from "@/shared/testing/import-samples";
import { ACCOUNT } from "@/shared/testing/samples";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { UploadPanel } from "./upload-panel";

const OTHER = { ...ACCOUNT, id: "0190a000-0000-7000-8000-00000000000b", name: "Other" };

function open(accounts = [ACCOUNT, OTHER]) {
  server.use(http.get(api("/accounts"), () => HttpResponse.json(pageOf(accounts))));
  const onUploaded = vi.fn();
  const shown = show(() => (
    <UploadPanel
      onUploaded={onUploaded}
      newAccount={(onCreated) => (
        <button
          type="button"
          onClick={() => {
            onCreated(OTHER);
          }}
        >
          made
        </button>
      )}
    />
  ));
  return { ...shown, onUploaded };
}

const file = (text: string, name = "history.csv") => new File([text], name, { type: "text/csv" });
const input = () => screen.findByLabelText("File to import");

test("the file goes into the chosen account, byte for byte", async () => {
  const got: { text: string; query: Record<string, string> }[] = [];
  server.use(
    http.post(api("/imports"), async ({ request }) => {
      const query = Object.fromEntries(new URL(request.url).searchParams);
      got.push({ text: await request.text(), query });
      return HttpResponse.json({ ...BATCH, status: "uploaded" }, { status: 201 });
    }),
  );
  const { user, onUploaded } = open();
  await user.selectOptions(await screen.findByLabelText("Into account"), "Other");
  await user.upload(await input(), file("a;b\n1;2\n"));
  await waitFor(() => {
    expect(onUploaded).toHaveBeenCalledOnce();
  });
  expect(got).toEqual([
    { text: "a;b\n1;2\n", query: { account_id: OTHER.id, file_name: "history.csv" } },
  ]);
});

test("a refused file says what the server says, and another can be chosen", async () => {
  server.use(
    http.post(api("/imports"), () =>
      refuse(422, {
        code: "unreadable_file",
        detail: "row 2, column Amount: a formula is not a number",
        errors: [{ pointer: "/body/file", detail: "not a table" }],
      }),
    ),
  );
  const { user, onUploaded } = open();
  await user.upload(await input(), file("x"));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("The file was not taken");
  expect(alert.textContent).toContain("row 2, column Amount: a formula is not a number");
  expect(alert.textContent).toContain("Request r-1");
  expect(onUploaded).not.toHaveBeenCalled();
  expect(screen.getByRole("button", { name: "Choose a file" })).toHaveProperty("disabled", false);
});

test("a file that is too large never leaves the browser", async () => {
  const { onUploaded } = open();
  const large = file("x");
  Object.defineProperty(large, "size", { value: 25 * 1024 * 1024 + 1 });
  fireEvent.change(await input(), { target: { files: [large] } });
  expect((await screen.findByRole("alert")).textContent).toContain("larger than 25 MB");
  expect(onUploaded).not.toHaveBeenCalled();
});

test("without an account one is asked for first, and is then the one chosen", async () => {
  const { user, queries } = open([]);
  expect(await screen.findByText("First, an account for the file")).toBeDefined();
  expect(screen.queryByLabelText("File to import")).toBeNull();
  server.use(http.get(api("/accounts"), () => HttpResponse.json(pageOf([ACCOUNT, OTHER]))));
  await user.click(screen.getByRole("button", { name: "made" }));
  await queries.invalidateQueries();
  expect(await screen.findByLabelText("Into account")).toHaveProperty("value", OTHER.id);
});
