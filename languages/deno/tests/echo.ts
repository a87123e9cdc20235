for (const line of (await new Response(Deno.stdin.readable).text()).trimEnd().split("\n")) {
  console.log("you said:", line);
}
