/** Calls f once the page has nothing else to do, two seconds from now at the latest; the answer takes it back. */
export function whenIdle(f: () => void): () => void {
  if (!("requestIdleCallback" in window)) {
    const timer = setTimeout(f, 300);
    return () => clearTimeout(timer);
  }
  const idle = requestIdleCallback(f, { timeout: 2000 });
  return () => cancelIdleCallback(idle);
}
