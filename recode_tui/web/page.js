// The keyboard belongs to the terminal as soon as it is drawn, and again when the window is entered.
addEventListener("DOMContentLoaded", () => {
  const focus = () => {
    const ended = document.body.classList.contains("-closed");
    document.querySelector(ended ? ".closed-dialog a" : ".xterm-helper-textarea")?.focus();
  };
  new MutationObserver(focus).observe(document.body, { attributeFilter: ["class"] });
  addEventListener("focus", focus);

  // The terminal measures its letters while it fits itself to the window. If the font has come since it last
  // did, what it draws is of another size than it took it to be: it fits itself again.
  const fit = new ResizeObserver(() => dispatchEvent(new Event("resize")));
  new MutationObserver(() => {
    const screen = document.querySelector(".xterm-screen");
    if (screen) fit.observe(screen);
  }).observe(document.body, { attributeFilter: ["class"] });
});
