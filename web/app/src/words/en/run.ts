/** Running programs, and what they print. */
export const run = {
  output: "Output",
  commands: { run: "Run the program", stop: "Stop the program", format: "Format the file, where there is a formatter" },
};
