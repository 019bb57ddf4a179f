// Comfort for the form of an entry: it saves itself, and counts the letters of the summary.
// Without it the buttons do the same.
"use strict";

(() => {
  const EVERY_MS = 20000;
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const status = document.getElementById("autosave-status");
  const version = form.elements.namedItem("seen_version");
  let saved = "unsaved" in form.dataset ? null : typed();
  let running = null;
  let isStopped = false;
  let isSubmitting = false;

  function typed() {
    const fields = new FormData(form);
    fields.delete("seen_version");
    fields.delete("csrf_token");
    return new URLSearchParams(fields).toString();
  }

  function tell(message) {
    if (status.textContent !== message) status.textContent = message;
  }

  async function save(keepalive) {
    const sent = typed();
    const response = await fetch(form.dataset.autosave, {
      method: "POST", body: new FormData(form), redirect: "manual", keepalive,
    });
    if (response.status >= 500) throw new Error("busy, or starting again: the next turn tries once more");
    if (response.type === "opaqueredirect" || ![200, 409].includes(response.status)) {
      isStopped = true;
      tell("自動では保存できません。「下書きを保存する」を押すと、書いた内容を残したまま続けられます。");
      return;
    }
    const answer = await response.json();
    if (answer.version) {
      version.value = answer.version;
      saved = sent;
    } else {
      isStopped = true;
    }
    tell(answer.message);
  }

  function saveIfChanged(keepalive) {
    if (isStopped || isSubmitting || running || typed() === saved) return;
    running = save(keepalive)
      .catch(() => tell("つながらないため、まだ保存していません。つながったら保存します。"))
      .finally(() => { running = null; });
  }

  setInterval(() => saveIfChanged(false), EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") saveIfChanged(true);
  });
  window.addEventListener("pagehide", () => saveIfChanged(true));
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
  window.addEventListener("beforeunload", (event) => {
    if (isStopped && !isSubmitting && typed() !== saved) event.preventDefault();
  });

  // A save under way gives the form a new version: the button waits for it.
  form.addEventListener("submit", (event) => {
    if (running) {
      const button = event.submitter;
      event.preventDefault();
      running.finally(() => form.requestSubmit(button));
      return;
    }
    isSubmitting = true;
  });
})();

// On the page of two texts, writing on the merged text chooses it.
(() => {
  for (const field of document.querySelectorAll("[data-chooses]")) {
    field.addEventListener("input", () => {
      document.getElementById(field.dataset.chooses).checked = true;
    });
  }
})();

(() => {
  for (const field of document.querySelectorAll("[data-counted]")) {
    const place = document.getElementById(field.dataset.counted);
    const most = Number(field.dataset.most);
    const count = () => {
      const length = [...field.value.trim()].length;
      place.textContent = `いま ${length} 字（${most}字まで）`;
      place.classList.toggle("field-error", length > most);
    };
    field.addEventListener("input", count);
    count();
  }
})();
