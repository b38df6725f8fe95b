import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Mark } from "@/shared/ui/mark";

type Props = {
  title: string;
  other: { to: "/sign-in" | "/sign-up"; text: string };
  children: ReactNode;
};

export function DoorPage({ title, other, children }: Props) {
  return (
    <main className="min-h-dvh grid place-items-center px-4 py-10">
      <div className="w-full max-w-[400px]">
        <p className="flex items-center gap-2.5 font-serif text-[1.5rem] font-semibold mb-1.5">
          <Mark />
          Truenav
        </p>
        <p className="text-ink-2 mb-8">Your portfolio, in numbers you can check.</p>
        <h1 className="text-[1.375rem] mb-5">{title}</h1>
        {children}
        <p className="mt-6">
          <Link to={other.to} className="lnk">
            {other.text}
          </Link>
        </p>
        <p className="mt-8 text-xs text-ink-2">Informational only, not investment advice.</p>
      </div>
    </main>
  );
}
