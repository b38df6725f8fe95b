import { client } from "./gen/client.gen";
import type { Auth } from "./gen/core/auth.gen";
import { logOut as postLogOut, openDemo, refreshSession, logIn, signUp } from "./gen/sdk.gen";
import type { LogInInWritable, MeOut, SessionOut, SignUpInWritable } from "./gen/types.gen";
import { ProblemError, problemOf } from "./problem";

/** The access token lives here and nowhere else: never in storage, never in a URL. */
let session: SessionOut | null = null;
const listeners = new Set<() => void>();
const EARLY_MS = 30_000;

function keep(next: SessionOut | null): void {
  session = next;
  for (const listener of listeners) listener();
}

export function subscribeSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function currentMe(): MeOut | null {
  return session?.me ?? null;
}

function isFresh(): boolean {
  return session !== null && Date.parse(session.expires_at) - Date.now() > EARLY_MS;
}

let refreshing: Promise<boolean> | null = null;

/** One refresh at a time in this tab, and one tab at a time: a reused token ends the session. */
export function restoreSession(): Promise<boolean> {
  return isFresh() ? Promise.resolve(true) : renewSession();
}

/** The same though the token looks fresh: the session may have ended elsewhere. */
export function renewSession(): Promise<boolean> {
  refreshing ??= exchange().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function exchange(): Promise<boolean> {
  const attempt = async (): Promise<number> => {
    const { data, response } = await refreshSession();
    if (data) keep(data);
    return response?.status ?? 0;
  };
  const locked = (): Promise<number> =>
    "locks" in navigator ? navigator.locks.request("truenav-refresh", attempt) : attempt();
  let status = await locked();
  if (status === 409) status = await locked(); // another tab won; its cookie is ours too
  if (status === 401) keep(null);
  return session !== null && status < 400 && status > 0;
}

/** For calls that want a bearer. The refresh itself has its cookie: asking here would wait for itself. */
async function accessToken({ type }: Auth): Promise<string | undefined> {
  if (type !== "http") return undefined;
  if (session !== null && !isFresh()) await restoreSession();
  return session?.access_token;
}

/** The header of calls that the generated client does not make. */
export async function bearer(): Promise<string> {
  if (session !== null && !isFresh()) await restoreSession();
  return `Bearer ${session?.access_token ?? ""}`;
}

client.setConfig({ baseUrl: "", auth: accessToken });
client.interceptors.response.use((response, request) => {
  if (response.status === 401 && !request.url.includes("/api/v1/auth/")) keep(null);
  return response;
});

async function open(
  call: Promise<{ data?: SessionOut | undefined; error?: unknown; response?: Response }>,
) {
  const { data, error, response } = await call;
  if (!data) throw new ProblemError(problemOf(error, response));
  keep(data);
  return data.me;
}

export const enterDemo = () => open(openDemo());
export const enter = (body: LogInInWritable) => open(logIn({ body }));
export const join = (body: SignUpInWritable) => open(signUp({ body }));

export async function leave(): Promise<void> {
  await postLogOut();
  keep(null);
}
