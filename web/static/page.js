// What every page shares: copying, menus, chips that lead to a source. Everything works without it.
"use strict";

function showCopyButtons(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("button.copy")) button.hidden = false;
}

async function copy(button) {
  const before = button.textContent;
  try {
    const text = button.dataset.copyAddress ? new URL(button.dataset.copy, location).href : button.dataset.copy;
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
    button.classList.add("done");
  } catch {
    button.textContent = "Not allowed";
  }
  setTimeout(() => { button.textContent = before; button.classList.remove("done"); }, 1600);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button.copy");
  if (button) copy(button);
  const chip = event.target.closest("a.cite");
  if (chip) document.getElementById(chip.hash.slice(1))?.focus({ preventScroll: true });
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("htmx:afterSettle", (event) => showCopyButtons(event.target));
showCopyButtons(document);
