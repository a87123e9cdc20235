/** Whether a text can be an e-mail address; the server decides. */
export function looksLikeEmail(value: string): boolean {
  return /^[^\s@]+@[^\s@]+\.?[^\s@]*$/.test(value.trim());
}
