import { stripVTControlCharacters } from "node:util";
import type { FullConfig, Reporter, TestCase, TestResult, TestStep } from "@playwright/test/reporter";

/** Says at the very end, on one line each, what failed: the test, the step in it, the line, and why. The rest of a long log may be cut off. */
// oxlint-disable-next-line import/no-default-export -- Playwright takes a reporter as one
export default class Failures implements Reporter {
  private readonly lines: string[] = [];
  private root = "";

  onBegin(config: FullConfig): void {
    this.root = config.rootDir;
  }

  onTestEnd(test: TestCase, { status, retry, steps, errors }: TestResult): void {
    if (status === test.expectedStatus || status === "skipped") return;
    const where = failed(steps);
    const at = where?.location ?? test.location;
    const why = stripVTControlCharacters(errors[0]?.message ?? status).replaceAll(/\s+/g, " ").slice(0, 300);
    this.lines.push(`${status} (try ${retry + 1}): ${test.title} › ${where?.title ?? "?"} (${at.file.replace(`${this.root}/`, "")}:${at.line}): ${why}`);
  }

  onEnd(): void {
    for (const line of this.lines) console.log(line);
  }

  printsToStdio(): boolean {
    return false;
  }
}

/** The step that failed, named with the steps around it, at the innermost line. */
function failed(steps: readonly TestStep[]): { readonly title: string; readonly location: TestStep["location"] } | undefined {
  const step = steps.find(({ error }) => error !== undefined);
  if (step === undefined) return undefined;
  const inner = failed(step.steps);
  return { title: inner === undefined ? step.title : `${step.title} › ${inner.title}`, location: inner?.location ?? step.location };
}
