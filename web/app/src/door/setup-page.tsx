import { useState, type ReactNode } from "react";
import { send } from "./api";
import { arrive, tokenInHash } from "./arrive";
import { NewAccountForm } from "./new-account";
import { Notice, Shell } from "./parts";
import { usePages } from "./use-words";

/** Makes the first account, by the link that the server has printed. */
export function SetupPage(): ReactNode {
  const w = usePages();
  const [token] = useState(tokenInHash);
  return (
    <Shell title={w.setup.title} lead={w.setup.lead}>
      <div className="door-card">
        {token === "" ? (
          <Notice>{w.setup.noToken}</Notice>
        ) : (
          <NewAccountForm button={w.setup.make} onMake={(account) => send("POST", "/api/v1/auth/setup", { token, ...account }).then(() => arrive("/"))} />
        )}
      </div>
    </Shell>
  );
}
