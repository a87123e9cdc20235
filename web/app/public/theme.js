// Runs before the first paint, so that a page never flashes in the other theme. See src/lib/theme.ts.
(function () {
  var theme;
  try {
    theme = localStorage.getItem("codecollab:theme");
  } catch {
    // Storage may be forbidden: the page then follows the system.
  }
  var look = document.documentElement.dataset;
  look.theme = theme === "light" || theme === "dark" ? theme : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  if (theme === "contrast" || matchMedia("(prefers-contrast: more)").matches) look.contrast = "more";
})();
