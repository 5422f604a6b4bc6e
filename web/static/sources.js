// A citation's chip shows its passage on hover and focus, and opens the place in a panel beside.
// Without this script a chip leads to the list of sources beneath the answer.
"use strict";

(() => {
  let glance = null; // the passage shown at a chip
  let panel = null; // the place in its source
  let opener = null; // the chip that opened the panel

  const sourceOf = (chip) => document.getElementById(decodeURIComponent(chip.hash.slice(1)));

  function hide() {
    glance?.remove();
    glance = null;
  }

  function show(chip) {
    const source = sourceOf(chip);
    if (!source || glance?.chip === chip) return;
    hide();
    glance = document.createElement("div");
    glance.chip = chip;
    glance.id = "glance";
    glance.className = "glance";
    glance.setAttribute("role", "tooltip");
    const title = document.createElement("span");
    title.className = "title";
    title.textContent = source.querySelector(".opens")?.textContent ?? "";
    const where = document.createElement("p");
    where.className = "where";
    where.append(title, ...[...source.querySelectorAll(".where .locator, .where .authority")].map((part) => part.cloneNode(true)));
    glance.append(where);
    for (const part of source.querySelectorAll("blockquote, .certainty")) {
      const copied = part.cloneNode(true);
      if (part.matches(".certainty")) copied.classList.add("quiet");
      glance.append(copied);
    }
    document.getElementById("main").append(glance);
    chip.setAttribute("aria-describedby", "glance");
    place(chip);
  }

  function place(chip) {
    const at = chip.getBoundingClientRect();
    const size = glance.getBoundingClientRect();
    const left = Math.min(Math.max(at.left - 12, 12), innerWidth - size.width - 12);
    const fits = at.bottom + size.height + 12 < innerHeight;
    glance.style.left = `${left + scrollX}px`;
    glance.style.top = `${(fits ? at.bottom + 4 : at.top - size.height - 4) + scrollY}px`;
  }

  function made() {
    if (panel) return panel;
    panel = document.createElement("dialog");
    panel.className = "source-panel";
    panel.setAttribute("aria-labelledby", "panel-title");
    panel.innerHTML = `<div class="panel-bar"><h2 id="panel-title" tabindex="-1">Source</h2><a class="button small whole">As a page</a><button type="button" class="small close">Close</button></div><div class="panel-body" id="panel-body"></div>`;
    panel.querySelector(".close").addEventListener("click", close);
    panel.addEventListener("close", closed);
    panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.preventDefault(); close(); } });
    document.body.append(panel);
    return panel;
  }

  async function open(chip, address) {
    opener = chip;
    const shown = made();
    shown.querySelector("#panel-title").textContent = chip.matches(".cite") ? `Source ${chip.textContent.trim()}` : "Source";
    shown.querySelector(".whole").href = address;
    if (!shown.open) matchMedia("(max-width: 860px)").matches ? shown.showModal() : shown.show();
    document.body.classList.add("with-panel");
    await htmx.ajax("GET", address, { target: "#panel-body", swap: "innerHTML", select: "main article" });
    shown.querySelector("#panel-title").focus({ preventScroll: true });
    const cited = shown.querySelector("#cited, .marked, mark, .cited");
    shown.scrollTop = cited ? Math.max(0, cited.getBoundingClientRect().top - shown.getBoundingClientRect().top - 90) : 0;
  }

  function close() {
    if (panel?.open) panel.close();
  }

  function closed() {
    document.body.classList.remove("with-panel");
    opener?.focus({ preventScroll: true });
  }

  const chipAt = (event) => event.target.closest?.("a.cite");

  document.addEventListener("mouseover", (event) => {
    const chip = chipAt(event);
    if (chip) show(chip);
    else if (glance && !event.target.closest("#glance")) hide();
  });
  document.addEventListener("focusin", (event) => { const chip = chipAt(event); if (chip) show(chip); });
  document.addEventListener("focusout", (event) => { if (chipAt(event)) hide(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (glance) hide();
    else close();
  });

  addEventListener("resize", hide);

  document.addEventListener("click", (event) => {
    const chip = chipAt(event);
    if (!chip || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const source = sourceOf(chip);
    const place = source?.querySelector("a.opens");
    if (!place || !window.htmx) return;
    event.preventDefault();
    hide();
    open(chip, place.getAttribute("href"));
  });
})();
