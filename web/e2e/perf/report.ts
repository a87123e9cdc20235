import { expect } from "@playwright/test";

/** What a figure is meant to be at most, and beyond what it fails: noise of a shared machine lies between them. */
type Bounds = { readonly goal: number; readonly limit: number };

/** Prints a figure, and fails when it is beyond its limit. */
export function report(name: string, value: number, unit: string, { goal, limit }: Bounds): void {
  const verdict = value <= goal ? "ok" : value <= limit ? "above the goal" : "TOO MUCH";
  process.stdout.write(`  ${name}: ${value.toFixed(1)} ${unit} (goal ${goal}, fails at ${limit}): ${verdict}\n`);
  expect.soft(value, name).toBeLessThanOrEqual(limit);
}

/** The value below which so many hundredths of the values lie. */
export function percentile(values: readonly number[], hundredths: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * hundredths) / 100))] ?? Infinity;
}
