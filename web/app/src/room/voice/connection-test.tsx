/* oxlint-disable import/no-unassigned-import -- styles */
import { useEffect, useState, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { CheckIcon, CloseIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useSession } from "../context";
import { testPath, type Step } from "./path-test";
import { useVoiceWords, type VoiceWords } from "./voice-words";
import "./voice.css";

/** Tries everything that talking needs, and names what fails. */
export function ConnectionTest({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [round, setRound] = useState(0);
  return <Round key={round} onAgain={() => setRound((n) => n + 1)} onClose={onClose} />;
}

function Round({ onAgain, onClose }: { readonly onAgain: () => void; readonly onClose: () => void }): ReactNode {
  const { client } = useSession();
  const w = useVoiceWords().test;
  const { frame } = useWords();
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const [over, setOver] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    void testPath(client.voice, setSteps, stop.signal).then(() => setOver(!stop.signal.aborted));
    return () => stop.abort();
  }, [client]);
  return (
    <Dialog title={w.title} onClose={onClose}>
      <p>
        {w.lead}
        {steps.some(({ name }) => name === "livekit") ? ` ${w.livekit}` : ""}
      </p>
      <ol className="voice-steps">
        {steps.map((step) => (
          <li key={step.name} data-state={step.state}>
            <Mark state={step.state} />
            <span className="voice-step">
              <strong>{w.steps[step.name] ?? step.name}</strong>
              <span>{step.failed === undefined ? w.states[step.state] : (w.failed[step.failed] ?? w.states.no)}</span>
            </span>
          </li>
        ))}
      </ol>
      <output className="voice-verdict">{over ? verdict(steps, w) : ""}</output>
      <div className="dialog-actions">
        <Button isDisabled={!over} onPress={onAgain}>
          {w.again}
        </Button>
        <Button look="accent" onPress={onClose}>
          {frame.close}
        </Button>
      </div>
    </Dialog>
  );
}

/** What all of it comes to: one way that works is enough. */
export function verdict(steps: readonly Step[], w: VoiceWords["test"]): string {
  const ok = (name: string): boolean => steps.some((step) => step.name === name && step.state === "ok");
  if (!["udp", "tcp", "relay", "livekit_media"].some(ok)) return w.bad;
  if (!ok("microphone")) return w.failed["microphone"] ?? "";
  return ok("udp") || ok("livekit_media") ? w.good : w.slow;
}

function Mark({ state }: { readonly state: Step["state"] }): ReactNode {
  if (state === "ok") return <CheckIcon />;
  if (state === "no") return <CloseIcon />;
  return <span className={state === "go" ? "spinner" : "voice-dot"} aria-hidden="true" />;
}
