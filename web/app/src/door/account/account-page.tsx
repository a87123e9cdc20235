/* oxlint-disable import/no-unassigned-import -- styles */
import { useEffect, useState, type ReactNode } from "react";
import { loadMe, me } from "../../lib/me";
import { go } from "../../lib/route";
import { useStore } from "../../lib/store";
import { useWords } from "../../words";
import { Notice, Shell, Wide } from "../parts";
import { sentence, usePages } from "../use-words";
import { DataSection } from "./data";
import { MethodsSection } from "./methods";
import { ProfileSection } from "./profile";
import { SessionsSection } from "./sessions";
import { TokensSection } from "./tokens";
import "./account.css";

/** One's own account: how others see one, how one signs in, where, which programs may act in one's name, and what is kept. */
export function AccountPage(): ReactNode {
  const w = usePages();
  const { frame, door } = useWords();
  const known = useStore(me);
  const [problem, setProblem] = useState<unknown>();
  useEffect(() => void loadMe().catch(setProblem), []);
  if (known === undefined) {
    return (
      <Shell title={w.account.title}>
        <div className="door-card">{problem === undefined ? <p className="hint">{frame.loading}</p> : <Notice>{sentence(problem, w)}</Notice>}</div>
      </Shell>
    );
  }
  if (known.account === undefined) {
    return (
      <Shell title={known.ended ? door.out.title : w.account.guestTitle} lead={known.ended ? "" : w.account.guest}>
        <div className="door-card">
          <Wide look="accent" onPress={() => go("/signin?to=%2Faccount")}>
            {door.signIn}
          </Wide>
        </div>
      </Shell>
    );
  }
  return (
    <Shell title={w.account.title} lead={w.account.lead} wide me>
      <ProfileSection account={known.account} />
      <MethodsSection />
      <SessionsSection />
      <TokensSection />
      <DataSection account={known.account} />
    </Shell>
  );
}
