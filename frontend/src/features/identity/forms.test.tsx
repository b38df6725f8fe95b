import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, expect, test, vi } from "vitest";
import type { SessionOut } from "@/shared/api/gen/types.gen";
import { currentMe, leave } from "@/shared/api/session";
import { show } from "@/shared/testing/render";
import { api, refuse, server } from "@/shared/testing/server";
import { SESSION } from "@/shared/testing/samples";
import { SignInForm, SignUpForm } from "./forms";

const options = (isDemo: boolean) =>
  http.get(api("/auth/options"), () =>
    HttpResponse.json({ is_demo_available: isDemo, is_sign_up_open: true }),
  );
const entered = (session: SessionOut = SESSION) => HttpResponse.json(session);

afterEach(async () => {
  server.use(http.post(api("/auth/log-out"), () => new HttpResponse(null, { status: 204 })));
  await leave();
});

function signIn(isDemo = false) {
  server.use(options(isDemo));
  const onEntered = vi.fn();
  return { ...show(() => <SignInForm onEntered={onEntered} />), onEntered };
}

async function tryToSignIn(user: ReturnType<typeof signIn>["user"]) {
  await user.type(await screen.findByLabelText("E-mail address"), "ann@example.com");
  await user.type(screen.getByLabelText("Password"), "a long sentence nobody guesses");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
}

test("the right password opens the door", async () => {
  const sent: unknown[] = [];
  server.use(
    http.post(api("/auth/log-in"), async ({ request }) => {
      sent.push(await request.json());
      return entered();
    }),
  );
  const { user, onEntered } = signIn();
  await tryToSignIn(user);
  await waitFor(() => {
    expect(onEntered).toHaveBeenCalledOnce();
  });
  expect(sent).toEqual([{ email: "ann@example.com", password: "a long sentence nobody guesses" }]);
  expect(currentMe()?.user.email).toBe("ann@example.com");
});

test("a wrong password says so, tells nothing else, and can be corrected", async () => {
  server.use(
    http.post(api("/auth/log-in"), () =>
      refuse(401, { code: "wrong_credentials", detail: "the address or the password is wrong" }),
    ),
  );
  const { user, onEntered } = signIn();
  await tryToSignIn(user);
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("Not signed in");
  expect(alert.textContent).toContain("the address or the password is wrong");
  expect(onEntered).not.toHaveBeenCalled();
  expect(currentMe()).toBeNull();
  expect(screen.getByLabelText("E-mail address")).toHaveProperty("value", "ann@example.com");
  expect(screen.getByRole("button", { name: "Sign in" })).toHaveProperty("disabled", false);
});

test("too many tries say when to come back", async () => {
  server.use(
    http.post(api("/auth/log-in"), () =>
      refuse(429, {
        code: "too_many_attempts",
        detail: "too many attempts; try again in 40 seconds",
        params: { seconds: "40" },
      }),
    ),
  );
  const { user } = signIn();
  await tryToSignIn(user);
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("try again in 40 seconds");
});

test("a server that does not answer is not a wrong password", async () => {
  server.use(http.post(api("/auth/log-in"), () => HttpResponse.error()));
  const { user } = signIn();
  await tryToSignIn(user);
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("The server does not answer");
  expect(alert.textContent).not.toContain("Not signed in");
});

test("the demo is offered only where there is one, and is one click", async () => {
  server.use(http.post(api("/auth/demo"), () => entered()));
  const { user, onEntered } = signIn(true);
  await user.click(await screen.findByRole("button", { name: "Open the demo portfolio" }));
  await waitFor(() => {
    expect(onEntered).toHaveBeenCalledOnce();
  });
});

test("no demo, no button", async () => {
  const { queries } = signIn(false);
  await waitFor(() => {
    expect(queries.getQueryData(["auth-options"])).toMatchObject({ is_demo_available: false });
  });
  expect(screen.queryByRole("button", { name: "Open the demo portfolio" })).toBeNull();
});

function signUp(reply: () => Response) {
  const sent: unknown[] = [];
  server.use(
    http.post(api("/auth/sign-up"), async ({ request }) => {
      sent.push(await request.json());
      return reply();
    }),
  );
  const onEntered = vi.fn();
  return { ...show(() => <SignUpForm onEntered={onEntered} />), onEntered, sent };
}

async function tryToSignUp(user: ReturnType<typeof signUp>["user"]) {
  await user.type(await screen.findByLabelText("Your name"), "Ann");
  await user.type(screen.getByLabelText("E-mail address"), "ann@example.com");
  await user.type(screen.getByLabelText("Password"), "short");
  await user.selectOptions(screen.getByLabelText("Show totals in"), "EUR");
  await user.click(screen.getByRole("button", { name: "Create account" }));
}

test("a new person enters with their currency", async () => {
  const { user, onEntered, sent } = signUp(() => entered());
  await tryToSignUp(user);
  await waitFor(() => {
    expect(onEntered).toHaveBeenCalledOnce();
  });
  expect(sent).toEqual([
    { email: "ann@example.com", password: "short", display_name: "Ann", base_currency: "EUR" },
  ]);
});

test("a password that is too short is told beside the password, and nowhere else", async () => {
  const { user } = signUp(() =>
    refuse(422, {
      code: "invalid_request",
      detail: "the request was refused; see errors",
      errors: [{ pointer: "/body/password", detail: "too short" }],
    }),
  );
  await tryToSignUp(user);
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toBe("At least 12 characters");
  const password = screen.getByLabelText("Password");
  expect(password.getAttribute("aria-invalid")).toBe("true");
  expect(password.getAttribute("aria-describedby")).toBe(alert.id);
});

test("an address in use is told beside the address", async () => {
  const { user, onEntered } = signUp(() => refuse(409, { code: "email_taken" }));
  await tryToSignUp(user);
  expect(await screen.findByText("This address is in use")).toBeDefined();
  expect(screen.queryByText("That did not work")).toBeNull();
  expect(onEntered).not.toHaveBeenCalled();
});
