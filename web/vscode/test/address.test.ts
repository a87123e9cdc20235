import { expect, it } from "vitest";
import { authorityOf, linkOf, originFrom, parseLink } from "../src/server/address";

it("reads links as people have them", () => {
  const key = "abcdefghijklmnopqrstuv";
  expect(parseLink(` https://code.example.org/r/calm-otter#${key} `)).toEqual({ origin: "https://code.example.org", room: "calm-otter", key });
  expect(parseLink(`code.example.org/r/calm-otter#${key}&v=3`)).toEqual({ origin: "https://code.example.org", room: "calm-otter", key });
  expect(parseLink("http://127.0.0.1:8080/r/x")).toEqual({ origin: "http://127.0.0.1:8080", room: "x" });
  for (const bad of ["", "calm-otter", "https://code.example.org/", "javascript:alert(1)", "https://x/r/%E0%A4%A"]) expect(parseLink(bad), bad).toBeUndefined();
  expect(linkOf({ origin: "https://a.b", room: "x", key }, 7)).toBe(`https://a.b/r/x#${key}&v=7`);
});

it("puts origins into URIs, and gets them out again", () => {
  for (const origin of ["https://code.example.org", "https://code.example.org:8443", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080"]) {
    expect(authorityOf(origin)).toMatch(/^[a-z0-9._~-]+$/);
    expect(originFrom(authorityOf(origin))).toBe(origin);
  }
});
