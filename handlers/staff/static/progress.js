/* Follow a job without reloading; without this file, the link on the page does the same. */
(() => {
  "use strict";
  const shown = document.getElementById("progress");
  if (!shown) return;
  const bar = document.getElementById("progress-bar");
  const words = document.getElementById("progress-text");
  shown.querySelector("a").hidden = true;

  const look = async () => {
    let wait = 1000;
    try {
      const answer = await fetch(window.location.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("progress-bar");
      if (!fresh) {
        window.location.reload();
        return;
      }
      if (fresh.hasAttribute("value")) {
        bar.max = fresh.max;
        bar.value = fresh.value;
      }
      words.textContent = page.getElementById("progress-text").textContent;
    } catch (error) {
      wait = 3000;
    }
    window.setTimeout(look, wait);
  };
  window.setTimeout(look, 1000);
})();
