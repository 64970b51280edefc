// What the page does beyond its links: it works without this file, which only adds.
// A template language reads it first, so it has no dollar sign.
(function () {
  "use strict";

  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));

  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  const button = (text, pressed, properties = {}) =>
    make("button", { type: "button", textContent: text, onclick: pressed, ...properties });

  const labelOf = (figure) => figure.querySelector(".label").textContent.replace(/\.\s*/, "");

  // Light and dark: what the system says, until the reader chooses ---------------------------

  function chooseTheme() {
    const style = document.documentElement.style;
    const system = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (style.colorScheme || (system.matches ? "dark" : "light")) === "dark";
    const chooser = button(
      "",
      () => {
        style.colorScheme = isDark() ? "light" : "dark";
        try {
          localStorage.setItem("theme", style.colorScheme);
        } catch {
          /* not remembered */
        }
        name();
      },
      { className: "theme" },
    );
    const name = () => {
      chooser.textContent = isDark() ? "Light colours" : "Dark colours";
    };
    // A browser may refuse a page from disk its memory.
    try {
      style.colorScheme = localStorage.getItem("theme") || "";
    } catch {
      /* the system's */
    }
    system.addEventListener("change", name);
    name();
    document.querySelector(".masthead").append(chooser);
  }

  // Contents: marked where the reader is; a bar above the text on narrow screens --------------

  function followContents() {
    const nav = document.querySelector(".contents");
    if (!nav) return;
    const details = nav.querySelector("details");
    const here = make("span", { className: "here" });
    details.querySelector("summary").append(here);
    const wide = matchMedia("(min-width: 66rem)");
    const fit = () => {
      details.open = wide.matches;
    };
    wide.addEventListener("change", fit);
    fit();

    const close = () => {
      if (!wide.matches) details.open = false;
    };
    document.addEventListener("click", (event) => {
      if (event.target.closest(".contents a") || !nav.contains(event.target)) close();
    });
    details.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || wide.matches) return;
      close();
      details.querySelector("summary").focus();
    });

    const links = new Map(all("a", nav).map((link) => [link.hash.slice(1), link]));
    const read = new Set();
    function mark() {
      const link = Array.from(links)
        .filter(([id]) => read.has(id))
        .map((entry) => entry[1])
        .pop();
      if (link && link.hasAttribute("aria-current")) return;
      for (const other of links.values()) other.removeAttribute("aria-current");
      here.textContent = link ? link.textContent : "";
      if (!link) return;
      link.setAttribute("aria-current", "location");
      nav.scrollTop = link.offsetTop - nav.clientHeight / 2;
    }
    const observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) read[entry.isIntersecting ? "add" : "delete"](entry.target.id);
        mark();
      },
      { rootMargin: "-20% 0px -79% 0px" },
    );
    for (const id of links.keys()) observer.observe(document.getElementById(id));
  }

  // Headings: an address to copy, beside each of them -----------------------------------------

  function linkHeadings() {
    for (const heading of all("main section[id] > :is(h2, h3, h4)")) {
      const link = make("a", {
        href: "#" + heading.parentNode.id,
        className: "anchor",
        textContent: "#",
      });
      link.tabIndex = -1; // the contents lead to the same places
      link.setAttribute("aria-hidden", "true");
      heading.append(" ", link);
    }
  }

  // Previews: what an inner link points to, on hover, on focus, or on the first tap -----------

  const LONGEST = 10; // rows of a table in a preview

  function cellsByHead(row) {
    const heads = all("thead th", row.closest("table"));
    const pairs = Array.from(row.cells, (cell, at) => [heads[at], cell]);
    return make(
      "dl",
      {},
      ...pairs
        .filter(([head, cell]) => head && cell.textContent.trim())
        .flatMap(([head, cell]) => [
          make("dt", { textContent: head.textContent }),
          make("dd", {}, ...cell.cloneNode(true).childNodes),
        ]),
    );
  }

  function excerpt(target) {
    let copy = target.cloneNode(true);
    if (target.matches("tr")) {
      copy = cellsByHead(target);
    } else if (target.matches("section")) {
      const parts = all(":scope > :is(h1, h2, h3, h4, h5, h6), :scope > p", target).slice(0, 2);
      copy = make("div", {}, ...parts.map((part) => part.cloneNode(true)));
    }
    const rows = all("tbody tr", copy);
    rows.slice(LONGEST).forEach((row) => row.remove());
    if (rows.length > LONGEST) {
      copy.append(make("p", { textContent: "… and " + (rows.length - LONGEST) + " more rows" }));
    }
    all(".footnote-back, .anchor, .enlarge, .links", copy).forEach((extra) => extra.remove());
    all("button", copy).forEach((inner) => inner.replaceWith(...inner.childNodes));
    for (const part of [copy, ...all("*", copy)]) {
      for (const name of ["id", "tabindex", "role", "aria-labelledby", "aria-sort"]) {
        part.removeAttribute(name);
      }
    }
    return copy;
  }

  function previewLinks() {
    if (!HTMLElement.prototype.showPopover) return;
    const inner = "main a[href^='#']:not([href='#'], .footnote-back, .anchor, .preview a)";
    const popover = make("div", { className: "preview", id: "preview", popover: "manual" });
    popover.setAttribute("role", "group");
    popover.setAttribute("aria-label", "Preview");
    let shown = null; // the link whose preview is open
    let timer = 0;
    let pointer = "";

    const targetOf = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)));

    function place() {
      if (!shown) return;
      const link = shown.getClientRects()[0];
      if (!link) return hide();
      const { offsetWidth: width, offsetHeight: height } = popover;
      const edge = 8;
      const isBelow =
        innerHeight - link.bottom > height + edge || innerHeight - link.bottom > link.top;
      const room = isBelow ? innerHeight - link.bottom : link.top;
      const top = isBelow
        ? link.bottom + 4
        : Math.max(edge, link.top - Math.min(height, room - edge) - 4);
      const left = Math.max(
        edge,
        Math.min(link.left, document.documentElement.clientWidth - width - edge),
      );
      Object.assign(popover.style, {
        top: top + "px",
        left: left + "px",
        maxHeight: room - 2 * edge + "px",
      });
    }

    function hide() {
      clearTimeout(timer);
      if (!shown) return;
      shown.removeAttribute("aria-describedby");
      shown = null;
      popover.hidePopover();
      popover.remove();
    }

    function show(link) {
      clearTimeout(timer);
      const target = targetOf(link);
      if (shown === link || !target) return;
      hide();
      const follow = make("a", {
        href: link.getAttribute("href"),
        className: "follow",
        textContent: "Go there",
      });
      popover.replaceChildren(
        make("div", { className: "excerpt", id: "preview-text" }, excerpt(target)),
        follow,
      );
      link.after(popover); // so that Tab leads from the link into its preview
      link.setAttribute("aria-describedby", "preview-text");
      popover.style.maxHeight = "";
      popover.showPopover();
      popover.scrollTop = 0;
      shown = link;
      place();
    }

    const isHeld = () =>
      shown && (shown.matches(":focus-visible") || popover.contains(document.activeElement));

    document.addEventListener(
      "pointerdown",
      (event) => {
        pointer = event.pointerType;
      },
      true,
    );
    document.addEventListener("pointerover", (event) => {
      if (event.pointerType !== "mouse") return;
      clearTimeout(timer);
      const link = event.target.closest(inner);
      if (link) timer = setTimeout(show, 200, link);
      else if (shown && !popover.contains(event.target))
        timer = setTimeout(() => isHeld() || hide(), 300);
    });
    document.addEventListener("focusin", (event) => {
      if (event.target.matches(inner) && event.target.matches(":focus-visible")) show(event.target);
      else if (!popover.contains(event.target)) hide();
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest(inner);
      if (link && pointer === "touch" && event.detail && shown !== link && targetOf(link)) {
        event.preventDefault();
        show(link);
      } else if (link || event.target.closest(".follow") || !popover.contains(event.target)) hide();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !shown) return;
      if (popover.contains(document.activeElement)) shown.focus();
      hide();
    });
    addEventListener("scroll", (event) => popover.contains(event.target) || place(), {
      capture: true,
      passive: true,
    });
    addEventListener("resize", place);
  }

  // Figures: enlarged in a dialog, one after the other ---------------------------------------

  function enlargeFigures() {
    const figures = all("figure.figure");
    if (!figures.length || !window.HTMLDialogElement) return;
    let at = 0;
    let scale = 1;
    const image = make("img");
    const canvas = make("div", { className: "canvas", tabIndex: 0 }, image);
    canvas.setAttribute("role", "group");
    canvas.setAttribute("aria-label", "Enlarged figure");
    const caption = make("p", { id: "viewer-caption" });
    const bar = make(
      "div",
      { className: "bar" },
      button("Previous", () => open(at - 1)),
      button("Next", () => open(at + 1)),
      button("Smaller", () => zoom(scale / 1.5)),
      button("Larger", () => zoom(scale * 1.5)),
      button("Close", () => dialog.close(), { autofocus: true }),
    );
    const dialog = make("dialog", { className: "viewer" }, bar, canvas, caption);
    dialog.setAttribute("aria-labelledby", "viewer-caption");
    const [previous, next, smaller, larger] = bar.children;
    if (figures.length < 2) previous.hidden = next.hidden = true;

    function zoom(wanted) {
      scale = Math.min(6, Math.max(1, wanted));
      image.style.setProperty("--scale", scale);
      smaller.disabled = scale === 1;
      larger.disabled = scale === 6;
    }

    function open(wanted) {
      at = (wanted + figures.length) % figures.length;
      const original = figures[at].querySelector("img");
      image.src = original.src;
      image.alt = original.alt;
      image.style.setProperty("--ratio", original.naturalWidth / original.naturalHeight || 1);
      caption.replaceChildren(...excerpt(figures[at].querySelector("figcaption")).childNodes);
      zoom(1);
      if (!dialog.open) dialog.showModal();
    }

    const keys = {
      ArrowLeft: () => scale === 1 && open(at - 1),
      ArrowRight: () => scale === 1 && open(at + 1),
      "+": () => zoom(scale * 1.5),
      "-": () => zoom(scale / 1.5),
    };
    dialog.addEventListener("keydown", (event) => keys[event.key] && keys[event.key]());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    figures.forEach((figure, place) => {
      const name = make("span", { className: "unseen", textContent: " " + labelOf(figure) });
      const enlarge = button("Enlarge", () => open(place), { className: "enlarge" });
      enlarge.append(name);
      figure.querySelector("figcaption").append(" ", enlarge);
      figure.querySelector("img").addEventListener("click", () => {
        enlarge.focus();
        open(place);
      });
    });
    document.querySelector("main").append(dialog);
  }

  // Links in a drawing: one stop for the Tab key; arrow keys lead from one to the next --------

  function stepThroughDrawings() {
    for (const layer of all(".links")) {
      const links = all("a", layer);
      const stop = (link) => links.forEach((each) => each.setAttribute("tabindex", each === link ? 0 : -1));
      stop(links[0]);
      layer.addEventListener("focusin", (event) => stop(event.target.closest("a")));
      layer.addEventListener("keydown", (event) => {
        const at = links.indexOf(event.target.closest("a"));
        const steps = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: links.length - 1 };
        const next = links[steps[event.key]];
        if (!next) return;
        event.preventDefault();
        next.focus();
        next.scrollIntoView({ block: "nearest" });
      });
    }
  }

  // Tables: sorted by a column, each group of rows for itself --------------------------------

  // A number as printed: sign, thousands, per cent, or a share such as 28/57.
  function numberIn(text) {
    const found = /^([−-]?)(\d[\d,]*(?:\.\d+)?|\.\d+)(?:\/(\d+))?/.exec(text);
    if (!found) return NaN;
    const size = parseFloat(found[2].replaceAll(",", "")) / (found[3] ? Number(found[3]) || 1 : 1);
    return found[1] ? -size : size;
  }

  const isBlank = (text) => !/[\p{L}\p{N}]/u.test(text); // empty, or a dash

  function sortTables() {
    const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
    const isGroup = (row) => row.cells.length === 1 && row.cells[0].colSpan > 1;

    for (const table of all(".table table")) {
      const heads = all("thead th", table);
      const parts = Array.from(table.tBodies, (body) => ({
        body,
        original: Array.from(body.rows).filter((row) => !isGroup(row)),
      }));
      const rows = parts.flatMap((part) => part.original);
      const isPlainGrid =
        table.tHead &&
        table.tHead.rows.length === 1 &&
        rows.length > 2 &&
        rows.every((row) => row.cells.length === heads.length);
      if (!isPlainGrid || !parts.some((part) => part.original.length > 2)) continue;

      const textIn = (row, column) => row.cells[column].textContent.trim();
      function compareBy(column, sign) {
        const texts = rows.map((row) => textIn(row, column)).filter((text) => !isBlank(text));
        const isNumeric = texts.every((text) => !Number.isNaN(numberIn(text)));
        return (one, other) => {
          const [first, second] = [textIn(one, column), textIn(other, column)];
          if (isBlank(first) || isBlank(second)) return isBlank(first) - isBlank(second);
          return (
            sign *
            (isNumeric ? numberIn(first) - numberIn(second) : collator.compare(first, second))
          );
        };
      }
      const TURNS = {
        none: ["ascending", 1],
        ascending: ["descending", -1],
        descending: ["none", 0],
      };
      function sort(column) {
        const head = heads[column];
        const [order, sign] = TURNS[head.getAttribute("aria-sort") || "none"];
        for (const other of heads) other.removeAttribute("aria-sort");
        if (sign) head.setAttribute("aria-sort", order);
        for (const { body, original } of parts) {
          body.append(...(sign ? Array.from(original).sort(compareBy(column, sign)) : original));
        }
      }
      heads.forEach((head, column) => {
        if (!head.textContent.trim()) return;
        const control = button("", () => sort(column));
        control.replaceChildren(...head.childNodes);
        head.replaceChildren(control);
      });
    }
  }

  // A frame that need not scroll is no stop for the Tab key, and does not ask to be scrolled.
  function freeFrames() {
    const fit = (frame) => {
      const scrolls = frame.scrollWidth > frame.clientWidth;
      if (scrolls) frame.tabIndex = 0;
      else frame.removeAttribute("tabindex");
      frame.closest("figure").classList.toggle("still", !scrolls);
    };
    const observer = new ResizeObserver((entries) => entries.forEach((entry) => fit(entry.target)));
    all(".table-scroll, .figure-scroll").forEach((frame) => observer.observe(frame));
  }

  // Tabs; on paper, and without this, one stands below the other -------------------------------

  function makeTabs() {
    all(".tabset").forEach((set, number) => {
      const panels = all(":scope > .tab", set);
      const choose = (chosen) =>
        panels.forEach((panel, position) => {
          const tab = tabs[position];
          panel.classList.toggle("closed", position !== chosen);
          tab.setAttribute("aria-selected", position === chosen);
          tab.tabIndex = position === chosen ? 0 : -1;
        });
      const step = (event) => {
        const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!move) return;
        const next = (tabs.indexOf(event.target) + move + tabs.length) % tabs.length;
        choose(next);
        tabs[next].focus();
      };
      const tabs = panels.map((panel, position) => {
        const name = "tab-" + (number + 1) + "-" + (position + 1);
        const title = panel.querySelector(".tab-title").textContent;
        const tab = button(title, () => choose(position), { id: name, onkeydown: step });
        tab.setAttribute("role", "tab");
        tab.setAttribute("aria-controls", name + "-panel");
        panel.id = name + "-panel";
        panel.setAttribute("role", "tabpanel");
        panel.setAttribute("aria-labelledby", name);
        return tab;
      });
      const list = make("div", {}, ...tabs);
      list.setAttribute("role", "tablist");
      set.prepend(list);
      const follow = () => {
        const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
        const position = target ? panels.indexOf(target.closest(".tab")) : -1;
        if (position < 0) return false;
        choose(position);
        target.scrollIntoView();
        return true;
      };
      addEventListener("hashchange", follow);
      if (!follow()) choose(0);
    });
  }

  // Texts to cite by -------------------------------------------------------------------------

  function copyCitations() {
    for (const text of all("#cite pre")) {
      const copy = button("Copy", async () => {
        getSelection().selectAllChildren(text);
        try {
          await navigator.clipboard.writeText(text.textContent);
          copy.textContent = "Copied";
        } catch {
          copy.textContent = "Selected"; // a page from disk may not write to the clipboard
        }
      });
      copy.setAttribute("aria-live", "polite");
      text.parentNode.append(copy);
    }
  }

  document.documentElement.classList.add("js");
  chooseTheme();
  followContents();
  linkHeadings();
  sortTables();
  enlargeFigures();
  stepThroughDrawings();
  makeTabs();
  freeFrames();
  previewLinks();
  copyCitations();
})();
