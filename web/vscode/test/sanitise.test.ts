import { expect, it } from "vitest";
import { Sanitiser } from "../src/run/sanitise";

const esc = "\u001b";

it("lets colours and movements through, and nothing that answers, links, or reaches the clipboard", () => {
  for (const good of [`${esc}[31mred${esc}[0m`, `${esc}[2J${esc}[H`, `${esc}[?25l`, `${esc}[3A`, "plain\r\n", `${esc}7${esc}8`]) expect(new Sanitiser().push(good)).toBe(good);
  for (const bad of [`${esc}[c`, `${esc}[6n`, `${esc}]52;c;aGk=\u0007`, `${esc}]633;E;rm\u0007`, `${esc}]8;;http://x${esc}\\`, `${esc}P$q q${esc}\\`, `${esc}[?1003h`, `${esc}[99999999b`, `${esc}Z`, "\u009b6n".slice(0, 1), "\u0005", `${esc}[21t`]) {
    expect(new Sanitiser().push(`a${bad}b`), JSON.stringify(bad)).toBe("ab");
  }
});

it("does so wherever the pieces are cut", () => {
  const text = `x${esc}[31mred${esc}[0m${esc}]0;title\u0007y${esc}[6nz`;
  for (let cut = 0; cut <= text.length; cut++) {
    const sanitiser = new Sanitiser();
    expect(sanitiser.push(text.slice(0, cut)) + sanitiser.push(text.slice(cut))).toBe(`x${esc}[31mred${esc}[0myz`);
  }
});
