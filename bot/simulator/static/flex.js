// Draws Flex containers with DOM elements; sizes follow LINE's keywords.
"use strict";

const LineFlex = (() => {
  const { element } = LineTap;
  const FONT = {
    xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74,
  };
  const GAP = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
  const IMAGE = {
    xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, "3xl": 180, "4xl": 200, "5xl": 220,
  };
  const BORDER = { none: 0, light: 0.5, normal: 1, medium: 2, "semi-bold": 3, bold: 4 };
  const WIDTH = { nano: 120, micro: 160, deca: 220, hecto: 241, kilo: 260, mega: 300, giga: 386 };
  const BLOCK_PADDING = { header: "20px", body: "19px 20px", footer: "10px" };
  const ALIGN = { start: "start", center: "center", end: "end" };
  const GRAVITY = { top: "flex-start", center: "center", bottom: "flex-end" };
  const COLOR = /^#[0-9a-f]{6}(?:[0-9a-f]{2})?$/i;
  const LENGTH = /^\d+(?:\.\d+)?(?:px|%)$/;

  function length(value, words) {
    if (value === undefined) return "";
    if (Object.hasOwn(words, value)) return `${words[value]}px`;
    return LENGTH.test(value) ? value : "";
  }

  function color(value) {
    return COLOR.test(value || "") ? value : "";
  }

  function create(tap) {
    const draw = { box, text, button, image, icon, separator, filler, video };

    function container(contents) {
      if (contents.type === "carousel") {
        const row = element("div", "flex-carousel");
        row.tabIndex = 0;
        row.setAttribute("role", "group");
        row.setAttribute("aria-label", `横に並んだカード（${contents.contents.length}枚）`);
        row.append(...contents.contents.map(bubble));
        return row;
      }
      return bubble(contents);
    }

    function bubble(contents) {
      const card = element("div", "flex-bubble");
      card.style.setProperty("--card-width", `${WIDTH[contents.size || "mega"] || WIDTH.mega}px`);
      card.dir = contents.direction === "rtl" ? "rtl" : "ltr";
      const styles = contents.styles || {};
      for (const name of ["header", "hero", "body", "footer"]) {
        if (contents[name]) card.append(block(name, contents[name], styles[name] || {}));
      }
      return tap.area(card, contents.action);
    }

    function block(name, component, style) {
      const part = element("div", `flex-block flex-${name}`);
      part.style.backgroundColor = color(style.backgroundColor);
      if (style.separator) {
        part.style.borderTop = `1px solid ${color(style.separatorColor) || "#d4d6da"}`;
      }
      const drawn = any(component);
      if (component.type === "box") {
        drawn.style.padding = BLOCK_PADDING[name] || "0";
        padding(drawn, component);
      }
      part.append(drawn);
      return part;
    }

    function any(component) {
      return Object.hasOwn(draw, component.type) ? draw[component.type](component) : filler();
    }

    function box(component) {
      const drawn = element("div", `flex-box ${component.layout}`);
      const style = drawn.style;
      style.backgroundColor = color(component.backgroundColor);
      style.borderRadius = length(component.cornerRadius, GAP);
      style.borderColor = color(component.borderColor);
      style.borderWidth = length(component.borderWidth, BORDER);
      for (const side of ["width", "maxWidth", "height", "maxHeight"]) {
        style[side] = length(component[side], {});
      }
      style.justifyContent = component.justifyContent || "";
      style.alignItems = component.alignItems || "";
      gradient(style, component.background);
      padding(drawn, component);
      (component.contents || []).forEach((child, index) => {
        drawn.append(placed(any(child), child, component, index));
      });
      return tap.area(drawn, component.action);
    }

    function gradient(style, background) {
      if (!background || !/^[\d.]+deg$/.test(background.angle || "")) return;
      const stops = [color(background.startColor), color(background.endColor)];
      if (background.centerColor) {
        const position = length(background.centerPosition || "50%", {});
        stops.splice(1, 0, `${color(background.centerColor)} ${position}`);
      }
      style.backgroundImage = `linear-gradient(${background.angle}, ${stops.join(", ")})`;
    }

    function padding(drawn, component) {
      const sides = {
        paddingAll: "padding",
        paddingTop: "paddingTop",
        paddingBottom: "paddingBottom",
        paddingStart: "paddingInlineStart",
        paddingEnd: "paddingInlineEnd",
      };
      for (const [key, property] of Object.entries(sides)) {
        if (component[key]) drawn.style[property] = length(component[key], GAP);
      }
    }

    function placed(drawn, child, parent, index) {
      const across = parent.layout !== "vertical";
      const share = child.flex ?? (across && !["icon", "separator"].includes(child.type) ? 1 : 0);
      const sized = child.width || child.height;
      drawn.style.flex = share > 0 && !sized ? `${share} 1 0` : "0 0 auto";
      const gap = length(child.margin ?? (child.type === "filler" ? "none" : parent.spacing), GAP);
      if (index > 0 && gap) drawn.style[across ? "marginInlineStart" : "marginTop"] = gap;
      if (across && GRAVITY[child.gravity]) drawn.style.alignSelf = GRAVITY[child.gravity];
      offsets(drawn.style, child);
      return drawn;
    }

    function offsets(style, child) {
      if (child.position === "absolute") style.position = "absolute";
      const sides = { Top: "top", Bottom: "bottom", Start: "insetInlineStart", End: "insetInlineEnd" };
      for (const [side, property] of Object.entries(sides)) {
        if (child[`offset${side}`]) style[property] = length(child[`offset${side}`], GAP);
      }
    }

    function lettering(drawn, component) {
      drawn.style.setProperty("--size", length(component.size || "md", FONT) || "16px");
      drawn.style.color = color(component.color);
      if (component.weight === "bold") drawn.style.fontWeight = "700";
      if (component.style === "italic") drawn.style.fontStyle = "italic";
      if (component.decoration) drawn.style.textDecoration = component.decoration;
    }

    function text(component) {
      const drawn = element("div", "flex-text");
      drawn.classList.toggle("scales", component.scaling === true);
      drawn.classList.toggle("wraps", component.wrap === true);
      lettering(drawn, component);
      drawn.style.textAlign = ALIGN[component.align] || "";
      const spacing = length(component.lineSpacing, {});
      if (spacing) drawn.style.lineHeight = `calc(1.45em + ${spacing})`;
      if (component.maxLines > 0) {
        drawn.classList.add("clamped");
        drawn.style.setProperty("--lines", component.maxLines);
      }
      if (component.contents) drawn.append(...component.contents.map(span));
      else drawn.textContent = component.text;
      return tap.area(drawn, component.action);
    }

    function span(component) {
      const drawn = element("span", component.size ? "flex-span" : "", component.text || "");
      lettering(drawn, component);
      return drawn;
    }

    function button(component) {
      const style = ["primary", "secondary"].includes(component.style) ? component.style : "link";
      const drawn = tap.button(component.action, `flex-button ${style}`);
      drawn.classList.toggle("scales", component.scaling === true);
      drawn.classList.toggle("low", component.height === "sm");
      const chosen = color(component.color);
      if (chosen) drawn.style[style === "link" ? "color" : "backgroundColor"] = chosen;
      return drawn;
    }

    function image(component) {
      const frame = element("div", "flex-image");
      const drawn = element("img");
      drawn.src = component.url;
      drawn.alt = (component.action && component.action.label) || "画像";
      drawn.loading = "lazy";
      drawn.style.objectFit = component.aspectMode === "cover" ? "cover" : "contain";
      drawn.addEventListener("error", () => {
        drawn.replaceWith(element("span", "no-image", "画像"));
      });
      frame.style.width = component.size === "full" ? "100%" : length(component.size || "md", IMAGE);
      frame.style.aspectRatio = (component.aspectRatio || "1:1").replace(":", " / ");
      frame.style.backgroundColor = color(component.backgroundColor);
      frame.style.marginInline = component.align === "start" ? "0 auto" : "auto";
      frame.append(drawn);
      return tap.area(frame, component.action);
    }

    function icon(component) {
      const drawn = element("img", "flex-icon");
      drawn.src = component.url;
      drawn.alt = "";
      drawn.classList.toggle("scales", component.scaling === true);
      drawn.style.setProperty("--size", length(component.size || "md", FONT));
      return drawn;
    }

    function separator(component) {
      const drawn = element("div", "flex-separator");
      drawn.style.backgroundColor = color(component.color);
      return drawn;
    }

    function filler() {
      return element("div", "flex-filler");
    }

    function video(component) {
      return any(component.altContent);
    }

    return { container };
  }

  return { create };
})();
