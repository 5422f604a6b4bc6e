// Makes the chat smoother; everything works without it. Comes after htmx, its SSE extension, page.js.
"use strict";

const composer = document.getElementById("composer");
const turns = document.getElementById("turns");
const problem = document.getElementById("problem");
const status = document.getElementById("status");

function say(message) {
  problem.textContent = message;
  problem.hidden = !message;
  composer.elements.text.toggleAttribute("aria-invalid", Boolean(message));
}

function setBusy(busy) {
  document.body.classList.toggle("waiting", busy);
  for (const button of document.querySelectorAll(".ask button, .send")) button.disabled = busy;
  if (busy) status.textContent = "Working on it";
}

// Sends a form's message and appends what comes back. True when it arrived.
async function send(form, text) {
  const data = new FormData(form);
  data.set("text", text);
  setBusy(true);
  say("");
  try {
    const reply = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(data),
      headers: { "X-Fragment": "1" },
    });
    if (!reply.ok) {
      const told = await reply.json().catch(() => ({}));
      say(told.detail || "No answer came. Your text is still here: send it again.");
      return false;
    }
    append(await reply.text());
    return true;
  } catch {
    say("The page’s program does not answer. Your text is still here: send it again once it runs.");
    return false;
  } finally {
    setBusy(false);
    if (!problem.hidden) status.textContent = "";
  }
}

function append(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  const fresh = [...made.content.querySelectorAll(".turn")].filter((turn) => !document.getElementById(turn.id));
  turns.append(...fresh);
  for (const turn of fresh) htmx.process(turn);
  const last = fresh.at(-1) || turns.lastElementChild;
  announce(last);
  last.scrollIntoView({ block: "start", behavior: "instant" });
}

// The forms of the page go on from its last turn; a screen reader hears what it holds.
function announce(turn) {
  const last = turns.lastElementChild;
  for (const field of document.querySelectorAll("input[name=position]")) field.value = last.dataset.next;
  for (const field of document.querySelectorAll("input[name=token]")) field.value = last.dataset.token;
  showCopyButtons(turn);
  status.textContent = turn.dataset.summary;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  // A form that leads to another page need not wait for the answer: that page shows it being made.
  if (form.elements.later) form.elements.later.value = "1";
  if (!turns || !(form === composer || form.classList.contains("ask"))) return;
  event.preventDefault();
  if (document.body.classList.contains("waiting")) return;
  const box = composer.elements.text;
  if (form === composer) {
    if (await send(form, box.value)) box.value = "";
    box.focus({ preventScroll: true });
  } else if (await send(form, event.submitter.value)) {
    turns.lastElementChild.focus({ preventScroll: true });
  }
});

// The stream has put the whole answer in place of a turn that waited.
document.addEventListener("htmx:load", (event) => {
  if (turns && event.target.matches?.(".turn:not(.waits)")) announce(event.target);
});

composer?.elements.text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});

if (!turns && matchMedia("(min-width: 861px)").matches) composer?.elements.text.focus({ preventScroll: true });
