// The chat itself: sends what the user does, asks for new bubbles, keeps the page in step.
"use strict";

(() => {
  const POLL_MS = 500;
  const PATIENCE_MS = 10000; // how long the dots wait for an answer that may never come
  const NEAR_BOTTOM_PX = 120;
  const UNREACHABLE =
    "サーバーにつながりません。動いているか確かめてください。つながると自動で再開します。";
  const NOT_SENT = "送信できませんでした。サーバーが動いているか確かめて、もう一度送ってください。";
  const NO_ANSWER = "ボットから応答がありませんでした。";

  const byId = (id) => document.getElementById(id);
  const { element } = LineTap;
  const page = {
    phone: byId("phone"), log: byId("log"), scroll: byId("scroll"), loading: byId("loading"),
    notice: byId("notice"), quick: byId("quick"), input: byId("input"), pc: byId("pc"),
  };
  const state = {
    user: "", epoch: "", after: 0, last: null, polling: false, again: false, timer: 0,
    waitingUntil: 0, noticeIsPolling: false,
  };
  const actions = LineActions.create({ send, setInput, showNotice, focusInput });
  const tap = LineTap.create(actions.perform, isPc);
  const bubbles = LineBubbles.create(tap);
  const clock = new Intl.DateTimeFormat("ja-JP", {
    hour: "2-digit", minute: "2-digit", timeZone: "Asia/Tokyo",
  });

  function isPc() {
    return page.pc.getAttribute("aria-pressed") === "true";
  }

  // ---- sending ----

  async function post(sent) {
    const response = await fetch("send", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user: state.user, ...sent }),
    });
    if (!response.ok) throw new Error(`send answered ${response.status}`);
    return (await response.json()).status;
  }

  async function send(sent) {
    state.waitingUntil = Date.now() + PATIENCE_MS;
    try {
      const status = await post(sent);
      showWebhookStatus(status);
      return true;
    } catch {
      state.waitingUntil = 0;
      showNotice(NOT_SENT);
      return false;
    } finally {
      pollNow();
    }
  }

  function showWebhookStatus(status) {
    if (status >= 200 && status < 300) return hideNotice();
    state.waitingUntil = 0;
    return showNotice(status ? `ボットがエラーを返しました（状態コード ${status}）。` : NO_ANSWER);
  }

  async function sendTyped() {
    const typed = page.input.value;
    if (typed.trim() === "") return;
    setInput("");
    const arrived = await send({ kind: "text", text: typed });
    if (!arrived) setInput(page.input.value === "" ? typed : `${typed}\n${page.input.value}`);
  }

  function setInput(value) {
    page.input.value = value;
    grow();
  }

  function grow() {
    page.input.style.height = "auto";
    page.input.style.height = `${page.input.scrollHeight}px`;
  }

  // On a touch screen the focus would open the keyboard over the answer.
  function focusInput() {
    if (!window.matchMedia("(pointer: coarse)").matches) page.input.focus();
  }

  // ---- receiving ----

  function pollNow() {
    if (state.polling) {
      state.again = true;
      return;
    }
    clearTimeout(state.timer);
    poll();
  }

  async function poll() {
    state.polling = true;
    state.again = false;
    try {
      const response = await fetch(`messages?user=${state.user}&after=${state.after}`);
      if (!response.ok) throw new Error(`messages answered ${response.status}`);
      receive(await response.json());
      if (state.noticeIsPolling) hideNotice();
    } catch {
      if (page.notice.hidden) showNotice(UNREACHABLE, true);
    } finally {
      state.polling = false;
      schedule();
    }
  }

  function schedule() {
    clearTimeout(state.timer);
    if (document.hidden) return;
    state.timer = setTimeout(poll, state.again ? 0 : POLL_MS);
  }

  // Another epoch means that LINE was reset or started anew: its chat begins again.
  function receive(chat) {
    if (state.epoch && state.epoch !== chat.epoch) {
      page.log.replaceChildren();
      state.after = 0;
      state.last = null;
      state.again = true;
    } else {
      const follows = isNearBottom() || chat.entries.some((entry) => entry.author === "user");
      chat.entries.forEach(show);
      if (chat.entries.length > 0 && follows) scrollDown();
    }
    state.epoch = chat.epoch;
    showQuickReplies();
    showLoading(chat.loading);
  }

  function show(entry) {
    const isFirst = !state.last || state.last.author !== entry.author;
    page.log.append(row(entry, isFirst));
    state.after = entry.seq;
    state.last = entry;
    if (entry.author === "bot") state.waitingUntil = 0;
  }

  function row(entry, isFirst) {
    const line = element("div", `row ${entry.author}${isFirst ? " first" : ""}`);
    const sender = (entry.message.sender || {}).name || "長崎市";
    const author = element("span", "hidden", entry.author === "bot" ? `${sender}：` : "あなた：");
    const content = element("div", "content");
    if (entry.author === "bot") {
      const icon = element("span", "icon", isFirst ? "長" : "");
      icon.setAttribute("aria-hidden", "true");
      line.append(icon);
    }
    content.append(author, bubbles.render(entry.message));
    line.append(content, time(entry.at));
    line.classList.toggle("wide", ["flex", "template"].includes(entry.message.type));
    return line;
  }

  function time(at) {
    const moment = new Date(at * 1000);
    const shown = element("time", "time", clock.format(moment));
    shown.dateTime = moment.toISOString();
    return shown;
  }

  function isNearBottom() {
    const { scrollHeight, scrollTop, clientHeight } = page.scroll;
    return scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
  }

  function scrollDown() {
    page.scroll.scrollTop = page.scroll.scrollHeight;
  }

  function showLoading(isLoading) {
    const wasHidden = page.loading.hidden;
    page.loading.hidden = !(isLoading || state.waitingUntil > Date.now());
    if (wasHidden && !page.loading.hidden) scrollDown();
  }

  // Only the last message's quick replies show, and LINE for PC shows none.
  function showQuickReplies() {
    const last = state.last && state.last.author === "bot" ? state.last : null;
    const items = last && last.message.quickReply && !isPc() ? last.message.quickReply.items : [];
    const seq = items.length > 0 ? String(last.seq) : "";
    if (page.quick.dataset.seq === seq) return;
    page.quick.dataset.seq = seq;
    page.quick.replaceChildren(...items.map((item) => tap.button(item.action, "pill")));
    page.quick.hidden = items.length === 0;
    scrollDown();
  }

  // ---- the page around the chat ----

  function showNotice(text, isPolling = false) {
    state.noticeIsPolling = isPolling;
    page.notice.textContent = text;
    page.notice.hidden = false;
  }

  function hideNotice() {
    state.noticeIsPolling = false;
    page.notice.hidden = true;
    page.notice.textContent = "";
  }

  function setTextSize(size) {
    document.documentElement.dataset.textSize = size;
    scrollDown();
  }

  function togglePc() {
    page.pc.setAttribute("aria-pressed", String(!isPc()));
    page.phone.classList.toggle("pc", isPc());
    showQuickReplies();
  }

  function newUser() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return `U${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  }

  function onKey(event) {
    // While an IME composes, Enter only confirms the conversion (229: older Safari).
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    sendTyped();
  }

  function listen() {
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      sendTyped();
      page.input.focus();
    });
    page.input.addEventListener("keydown", onKey);
    page.input.addEventListener("input", grow);
    byId("menu").addEventListener("click", (event) => {
      const { text } = event.target.dataset;
      if (text) actions.perform({ type: "message", text });
    });
    byId("extras").addEventListener("click", (event) => {
      const { kind } = event.target.dataset;
      if (kind) actions.sendKind(kind).then(focusInput);
    });
    byId("sizes").addEventListener("change", (event) => setTextSize(event.target.value));
    page.pc.addEventListener("click", togglePc);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) pollNow();
    });
  }

  function start() {
    const known = sessionStorage.getItem("user");
    state.user = known || newUser();
    sessionStorage.setItem("user", state.user);
    setInput(new URLSearchParams(location.search).get("q") || "");
    listen();
    focusInput();
    if (known) pollNow();
    else actions.sendKind("follow");
  }

  start();
})();
