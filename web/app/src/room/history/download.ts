import type { PastFile } from "./moment";

/** Gives a text to the browser as a download. */
export function saveFile(name: string, text: string): void {
  save(name.slice(name.lastIndexOf("/") + 1), new Blob([text], { type: "text/plain;charset=utf-8" }));
}

/** Gives files to the browser as a zip. */
export async function saveZip(name: string, files: readonly PastFile[]): Promise<void> {
  const { strToU8, zipSync } = await import("fflate");
  const entries = Object.fromEntries(files.map((file) => [file.name, strToU8(file.text.toString())]));
  save(name, new Blob([zipSync(entries, { level: 6 })], { type: "application/zip" }));
}

function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
