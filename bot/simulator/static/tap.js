// What can be tapped: turns LINE's action objects into buttons and links.
"use strict";

const LineTap = (() => {
  const OPENABLE = /^(?:https?|tel|line):/i;

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // Only the schemes that LINE opens; anything else becomes plain, dead text.
  function link(uri, text, className) {
    if (typeof uri !== "string" || !OPENABLE.test(uri)) return element("span", className, text);
    const anchor = element("a", className, text);
    anchor.href = uri;
    if (!/^tel:/i.test(uri)) {
      anchor.target = "_blank";
      anchor.rel = "noopener noreferrer";
    }
    return anchor;
  }

  function uriOf(action, isPc) {
    return (isPc() && action.altUri && action.altUri.desktop) || action.uri;
  }

  // `perform(action)` does everything except opening addresses; `isPc()` tells which LINE this is.
  function create(perform, isPc) {
    function button(action, className) {
      const label = action.label || action.text || "選ぶ";
      if (action.type === "uri") return uriButton(action, label, className);
      const made = element("button", className, label);
      made.type = "button";
      made.addEventListener("click", () => perform(action));
      return made;
    }

    function uriButton(action, label, className) {
      const made = link(action.uri, label, className);
      made.addEventListener("click", () => {
        if (made.href) made.href = uriOf(action, isPc);
      });
      return made;
    }

    // Makes a whole area tappable, as boxes, texts and pictures of Flex can be.
    function area(target, action) {
      if (!action) return target;
      target.classList.add("tappable");
      target.tabIndex = 0;
      target.setAttribute("role", action.type === "uri" ? "link" : "button");
      if (action.label) target.setAttribute("aria-label", action.label);
      const act = (event) => {
        event.stopPropagation();
        if (event.target.closest("a, button")) return;
        if (action.type !== "uri") perform(action);
        else link(uriOf(action, isPc), "").click();
      };
      target.addEventListener("click", act);
      target.addEventListener("keydown", (event) => {
        if (event.target !== target || (event.key !== "Enter" && event.key !== " ")) return;
        event.preventDefault();
        act(event);
      });
      return target;
    }

    return { button, area };
  }

  return { create, element, link };
})();
