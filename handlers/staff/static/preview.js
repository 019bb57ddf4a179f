// Shows below the edit form what LINE would show, a little after each change. Comfort only.
"use strict";

(() => {
  const PAUSE_MS = 800;
  const place = document.getElementById("line-preview");
  const title = document.querySelector('form [name="title"]');
  if (!place || !title) return;

  const form = title.form;
  const shown = document.getElementById("line-preview-shown");
  const state = document.getElementById("line-preview-state");
  let timer = null;
  let isAsking = false;
  let isStale = false;

  function later() {
    isStale = true;
    if (timer === null && !isAsking) timer = setTimeout(show, PAUSE_MS);
  }

  async function show() {
    timer = null;
    isStale = false;
    isAsking = true;
    try {
      const answer = await fetch(place.dataset.url, { method: "POST", body: new FormData(form), redirect: "error" });
      if (!answer.ok) throw new Error(answer.status);
      shown.innerHTML = await answer.text();
      state.textContent = "";
    } catch {
      state.textContent = "今は見え方を出せません。書いた内容はそのまま残っています。";
    }
    isAsking = false;
    if (isStale) later();
  }

  place.hidden = false;
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  show();
})();
