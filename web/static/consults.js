// The queue's keys, and the seconds that are left to call a reply back. All of it works without.
"use strict";

const byId = (id) => document.getElementById(id);
const opened = () => [...document.querySelectorAll(".queue a.open")];

function step(by) {
  const links = opened();
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1);
  links[next].focus();
}

const LIST = { j: () => step(1), k: () => step(-1), "/": () => byId("q").focus() };
const ONE = {
  e: () => byId("body")?.focus(),
  a: () => byId("approve")?.focus(),
  n: () => byId("next-link")?.click(),
  p: () => byId("previous-link")?.click(),
  u: () => byId("queue-link")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) return;
  const act = (byId("queue") ? LIST : ONE)[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// Between two askings the seconds go on by themselves.
setInterval(() => {
  for (const left of document.querySelectorAll("[data-countdown]")) {
    const seconds = Number(left.dataset.countdown) - 1;
    left.dataset.countdown = seconds;
    left.textContent = seconds > 0 ? `${seconds} s` : "a moment";
  }
}, 1000);

// What stands here is older than what is kept: show the new state, unless something was typed.
const shown = byId("newest-version")?.dataset;
const first = shown && { version: shown.version, state: shown.state };
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "standing" || !first) return;
  const now = byId("newest-version").dataset;
  if (now.version === first.version && now.state === first.state) return;
  const body = byId("body");
  if (body && body.value !== body.defaultValue) {
    if (byId("moved-on")) return;
    const told = document.createElement("p");
    told.id = "moved-on";
    told.className = "problem";
    told.setAttribute("role", "alert");
    told.textContent = "This consult has moved on meanwhile. Your text is still here; copy it, then open the page anew.";
    byId("standing").after(told);
    return;
  }
  location.reload();
});
