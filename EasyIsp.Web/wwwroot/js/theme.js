// Runs before the first paint. The server cannot ask the system for its colours, so it is told by a cookie; only where
// the page came in the wrong ones (a first visit, a system that changed its mind) is it loaded once more.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const remember = (name, value) => {
    document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
  };
  const schemeOf = theme => (theme === "system" ? (dark.matches ? "dark" : "light") : theme);

  remember("scheme", dark.matches ? "dark" : "light");
  if (root.dataset.theme === "system" && root.dataset.scheme !== schemeOf("system") && document.cookie.includes("scheme=")
      && !sessionStorage.getItem("scheme-loaded")) {
    sessionStorage.setItem("scheme-loaded", "1");
    location.reload();
  }

  window.easyisp = {
    remember,
    /** Keeps the choice; returns whether the page is to be dark now. */
    chooseTheme(theme) {
      remember("theme", theme);
      const scheme = schemeOf(theme);
      Object.assign(root.dataset, { theme, scheme });
      return scheme === "dark";
    },
  };
})();
