import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { DoorPage } from "@/features/identity/door-page";
import { SignInForm, SignUpForm } from "@/features/identity/forms";

function useEnter() {
  const navigate = useNavigate();
  const { next }: { next?: string } = useSearch({ strict: false });
  return () => {
    // the address was checked to be one of ours when it was read
    void navigate({ to: (next ?? "/") as "/" });
  };
}

export function SignInPage() {
  const onEntered = useEnter();
  useEffect(() => {
    document.title = "Sign in · Truenav";
  }, []);
  return (
    <DoorPage title="Sign in" other={{ to: "/sign-up", text: "New here? Create an account" }}>
      <SignInForm onEntered={onEntered} />
    </DoorPage>
  );
}

export function SignUpPage() {
  const onEntered = useEnter();
  useEffect(() => {
    document.title = "Create an account · Truenav";
  }, []);
  return (
    <DoorPage
      title="Create an account"
      other={{ to: "/sign-in", text: "Have an account? Sign in" }}
    >
      <SignUpForm onEntered={onEntered} />
    </DoorPage>
  );
}
