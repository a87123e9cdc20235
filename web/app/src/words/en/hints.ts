/** Hints, as far as every room has the words at once; the panel's own are in hints-panel. */
export const hints = {
  title: "Hints",
  open: "Open the hints",
  hint: "Ask for a hint",
  error: "Explain the error",
  explain: "Explain the code at the caret",
  review: "Review the file",
  explainThis: "Explain",
};
