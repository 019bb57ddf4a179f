// Draws one message of the chat: text with links, stickers, places, templates and Flex.
"use strict";

const LineBubbles = (() => {
  const { element, link } = LineTap;
  const LINKS =
    /(https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+)|((?<![\d-])0\d{1,4}-\d{1,4}-\d{3,4}(?![\d-]))/g;
  const TRAILING = /[.,;:!?)\]']+$/;

  function linked(text) {
    const parts = [];
    let end = 0;
    for (const match of text.matchAll(LINKS)) {
      const shown = match[1] ? match[1].replace(TRAILING, "") : match[2];
      parts.push(text.slice(end, match.index));
      parts.push(link(match[1] ? shown : `tel:${shown.replaceAll("-", "")}`, shown));
      end = match.index + shown.length;
    }
    return [...parts, text.slice(end)];
  }

  // What textV2 says once its placeholders are filled in.
  function filledIn(message) {
    const substitution = message.substitution || {};
    return message.text.replace(/\{\{|\}\}|\{(\w+)\}/g, (found, key) => {
      if (key === undefined) return found[0];
      return (substitution[key] || {}).type === "mention" ? "@メンバー" : "☺";
    });
  }

  function create(tap) {
    const flex = LineFlex.create(tap);
    const draw = {
      text: (message) => text(message.text),
      textV2: (message) => text(filledIn(message)),
      sticker: (message) => sticker(message),
      image: (message) => picture(message),
      video: () => note("動画"),
      audio: () => note("音声メッセージ"),
      file: (message) => note(`ファイル：${message.fileName}`),
      coupon: () => note("クーポン"),
      location,
      imagemap: (message) => note(message.altText, message.actions.map(imagemapAction)),
      template: (message) => template(message.template),
      flex: (message) => flex.container(message.contents),
    };

    function render(message) {
      const known = Object.hasOwn(draw, message.type);
      return known ? draw[message.type](message) : note("この画面では表示できないメッセージです");
    }

    function text(content) {
      const bubble = element("div", "bubble text");
      bubble.append(...linked(content));
      return bubble;
    }

    function note(content, actions = []) {
      const bubble = element("div", "bubble text note", content);
      bubble.append(...actions.map((action) => tap.button(action, "template-button")));
      return bubble;
    }

    function sticker(message) {
      const drawn = element("div", "sticker");
      drawn.append(element("span", "sticker-face", "スタンプ"));
      drawn.append(element("span", "sticker-id", `${message.packageId}-${message.stickerId}`));
      return drawn;
    }

    function picture(message) {
      if (!message.previewImageUrl) return note("写真");
      const drawn = element("img", "picture");
      drawn.src = message.previewImageUrl;
      drawn.alt = "写真";
      drawn.addEventListener("error", () => drawn.replaceWith(note("写真")));
      return drawn;
    }

    function location(message) {
      const card = element("div", "card place");
      card.append(element("div", "place-map"));
      card.append(element("strong", "", message.title || "位置情報"));
      if (message.address) card.append(element("span", "", message.address));
      const place = `${message.latitude},${message.longitude}`;
      card.append(link(`https://www.google.com/maps?q=${place}`, "地図を開く", "template-button"));
      return card;
    }

    function imagemapAction(action) {
      return { ...action, label: action.label || action.text, uri: action.linkUri };
    }

    function template(content) {
      if (content.columns) {
        const row = element("div", "flex-carousel");
        row.tabIndex = 0;
        row.append(...content.columns.map(card));
        return row;
      }
      return card(content);
    }

    function card(content) {
      const drawn = element("div", "card");
      const body = element("div", "card-body");
      if (content.title) body.append(element("strong", "", content.title));
      if (content.text) body.append(element("span", "", content.text));
      drawn.append(body);
      tap.area(body, content.defaultAction);
      for (const action of content.actions || [content.action]) {
        drawn.append(tap.button(action, "template-button"));
      }
      return drawn;
    }

    return { render };
  }

  return { create };
})();
