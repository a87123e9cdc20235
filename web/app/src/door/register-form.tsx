import type { ReactNode } from "react";
import { Button } from "../ui/button";
import { send } from "./api";
import { NewAccountForm } from "./new-account";
import { usePages } from "./use-words";

type Props = { readonly onDone: () => Promise<void>; readonly onBack: () => void };

/** Makes an account, where everybody may have one. */
export function RegisterForm({ onDone, onBack }: Props): ReactNode {
  const w = usePages();
  return (
    <>
      <NewAccountForm button={w.signIn.register} onMake={(account) => send("POST", "/api/v1/auth/register", account).then(onDone)} />
      <Button look="quiet" className="door-button" onPress={onBack}>
        {w.signIn.have}
      </Button>
    </>
  );
}
