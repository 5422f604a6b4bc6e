// What every page shares: copying, printing, menus. Everything works without it.
"use strict";

function showCopyButtons(root) {
  for (const button of root.querySelectorAll("button.print")) button.hidden = false;
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
  if (event.target.closest("button.print")) print();
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

// On paper everything is open that says where an answer comes from.
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details:is(.sources, .reasons, .payment)")) part.open = true;
});

document.addEventListener("htmx:load", (event) => showCopyButtons(event.target.parentElement ?? document));
showCopyButtons(document);
