/** What a browser says of itself, as a person would call it: "Firefox on Windows". */
export type Device = { readonly browser: string; readonly system: string; readonly kind: "computer" | "phone" | "program" };

/** Browsers, those first whose words others say as well. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?(?:iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\b(?:Code|VSCode)\/|\bvscode\b/i, "VS Code"],
  [/\bCriOS\/|\b(?:Headless)?Chrome\/|\bChromium\//, "Chrome"],
  [/\bVersion\/[\d.]+.*\bSafari\//, "Safari"],
];

const systems: readonly (readonly [RegExp, string])[] = [
  [/\biPad\b/, "iPad"],
  [/\biPhone\b/, "iPhone"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

/** Reads what a browser says of itself. Of others the first word is taken, which programs put their name into. */
export function deviceOf(agent: string): Device {
  const of = (table: typeof browsers): string => table.find(([pattern]) => pattern.test(agent))?.[1] ?? "";
  const browser = of(browsers);
  const system = of(systems);
  if (browser === "") {
    const own = /^[\w.-]{1,40}/.exec(agent)?.[0] ?? "";
    return { browser: own === "Mozilla" ? "" : own, system, kind: "program" }; // browsers say that, whatever they are
  }
  return { browser, system, kind: ["iPad", "iPhone", "Android"].includes(system) ? "phone" : "computer" };
}
