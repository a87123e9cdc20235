for (const line of (await Bun.stdin.text()).trimEnd().split("\n")) console.log("you said:", line);
