/** What is saved, connected and kept. */
export const status = {
  commands: { saved: "Is it saved? (It always is.)" },
};
