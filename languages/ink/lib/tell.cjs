// Usage: node tell.cjs main.json. Tells a compiled story: prints its text and numbered choices, and reads which one it is to
// be. The story ends where there is no choice, or no more input.
const { readFileSync } = require('node:fs');
const { createInterface } = require('node:readline');
const { Story } = require('inkjs');

const story = new Story(readFileSync(process.argv[2], 'utf8').replace(/^\uFEFF/, ''));
story.onError = (message) => {
  console.error(message);
  process.exitCode = 1;
};

/** Prints what comes up to the next choice, and says whether there is one. */
function tell() {
  process.stdout.write(story.ContinueMaximally());
  story.currentChoices.forEach((choice, i) => console.log(`${i + 1}: ${choice.text}`));
  return story.currentChoices.length > 0;
}

async function main() {
  if (!tell()) return;
  for await (const line of createInterface({ input: process.stdin })) {
    const number = Number(line);
    if (!Number.isInteger(number) || number < 1 || number > story.currentChoices.length) {
      console.log(`Please type a number from 1 to ${story.currentChoices.length}.`);
      continue;
    }
    story.ChooseChoiceIndex(number - 1);
    if (!tell()) break;
  }
  process.stdin.destroy();
}

main();
