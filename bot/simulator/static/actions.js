// What each of LINE's actions does when it is tapped, except opening addresses.
"use strict";

const LineActions = (() => {
  const PLACE = { latitude: 32.7503, longitude: 129.8777, address: "長崎県長崎市" };
  const INPUT_TYPES = { date: "date", time: "time", datetime: "datetime-local" };
  const byId = (id) => document.getElementById(id);

  function create({ send, setInput, showNotice, focusInput }) {
    const picker = byId("picker");
    const pickerValue = byId("picker-value");
    let picking = null;

    const performers = {
      message: (action) => send({ kind: "text", text: action.text }),
      postback,
      datetimepicker: pick,
      clipboard: copy,
      camera: () => sendKind("image"),
      cameraRoll: () => sendKind("image"),
      location: () => sendKind("location"),
    };

    function perform(action) {
      if (!Object.hasOwn(performers, action.type)) return;
      performers[action.type](action);
      if (action.type !== "datetimepicker") focusInput();
    }

    function sendKind(kind) {
      return send(kind === "location" ? { kind, ...PLACE } : { kind });
    }

    function postback(action) {
      const shown = action.displayText || action.text;
      send({ kind: "postback", data: action.data, ...(shown ? { displayText: shown } : {}) });
      if (action.inputOption === "openKeyboard") setInput(action.fillInText || "");
    }

    function pick(action) {
      picking = action;
      pickerValue.type = INPUT_TYPES[action.mode];
      for (const [property, key] of [["min", "min"], ["max", "max"], ["value", "initial"]]) {
        pickerValue[property] = (action[key] || "").replace("t", "T");
      }
      picker.showModal();
    }

    function sendPicked() {
      send({ kind: "postback", data: picking.data, params: { [picking.mode]: pickerValue.value } });
      focusInput();
    }

    async function copy(action) {
      try {
        await navigator.clipboard.writeText(action.clipboardText);
        showNotice("コピーしました。");
      } catch {
        showNotice("コピーできませんでした。");
      }
    }

    byId("picker-form").addEventListener("submit", sendPicked);
    byId("picker-cancel").addEventListener("click", () => picker.close());
    return { perform, sendKind };
  }

  return { create };
})();
