import { Component, type ReactNode } from "react";
import { useWords } from "../words";
import { Button } from "./button";

type Props = {
  readonly children: ReactNode;
  /** What stands there when the children could not be loaded or drawn; by itself a sentence and a button. */
  readonly fallback?: ReactNode;
  readonly onFail?: () => void;
};

/** Keeps what goes wrong in a part of the page from taking the whole of it away: code that could not be loaded, above all. */
export class Boundary extends Component<Props, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(): void {
    this.props.onFail?.();
  }

  override render(): ReactNode {
    const { children, fallback = <Failed /> } = this.props;
    return this.state.failed ? fallback : children;
  }
}

function Failed(): ReactNode {
  const w = useWords().frame;
  return (
    <div className="view-failed" role="alert">
      <p>{w.partFailed}</p>
      <Button onPress={() => location.reload()}>{w.reload}</Button>
    </div>
  );
}
