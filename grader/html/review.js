// review.js - keys for the review
//
// Everything here is also a link or a button. A key presses the one that is
// marked with it (data-key): the presets of the row that is being decided,
// the links of the page otherwise. Nothing is sent from here.
"use strict";

const tasks = [...document.querySelectorAll(".task")];
const field = task => task && task.querySelector("input[name=points]");

// The row that is being decided: where the focus is; at first the one that
// was not saved, else the one that was asked for, else the first that waits.
const unsaved = tasks.find(task => task.querySelector(".wrong[role=alert]"));
let current = unsaved || tasks.find(task => "#" + task.id === location.hash)
  || tasks.find(task => task.classList.contains("open")) || tasks[0];

function go(task) {
  if (!task) return;
  current = task;
  const input = field(task);
  (input || task).focus();
  if (input) input.select();
  task.scrollIntoView({block: "nearest"});
}

function step(by) {
  const at = tasks.indexOf(current) + by;
  if (tasks[at]) go(tasks[at]);
}

function comment() {
  const box = (current || document).querySelector("details.write");
  if (!box) return;
  box.open = true;
  box.querySelector("textarea").focus();
}

function press(key) {
  const marked = "[data-key=" + key + "]";
  const one = current && current.querySelector(marked)
    || document.querySelector(".walk " + marked + ", main.single " + marked);
  if (one) one.click();
  return Boolean(one);
}

// Enter leads on where nothing is left, unless the focus is on something else.
function onward() {
  const on = document.querySelector("#done .go");
  const other = document.activeElement.closest("a, button, input, summary");
  if (on && !other) on.click();
  return Boolean(on && !other);
}

function act(event) {
  const input = field(current);
  // What was typed and not saved is not left by a slip.
  const typed = document.activeElement === input && input
    && input.value !== input.defaultValue;
  if (/^[0-9]$/.test(event.key)) {
    if (document.activeElement !== input && input) go(current);
    return false; // the digit itself goes into the field
  }
  if (event.key === "ArrowDown") step(1);
  else if (event.key === "ArrowUp") step(-1);
  else if (event.key === "c") comment();
  else if (event.key === "Enter") return onward();
  else if (/^[zhfnpju]$/.test(event.key)) {
    if (!typed || /[zhf]/.test(event.key)) press(event.key);
  } else return false;
  return true;
}

document.addEventListener("keydown", event => {
  const at = event.target;
  if (event.key === "Escape") {
    at.blur();
    return;
  }
  if (at.tagName === "TEXTAREA") {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
      at.form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.repeat && /^[zhfu]$/.test(event.key)) return;
  if (act(event)) event.preventDefault();
});

document.addEventListener("focusin", event => {
  const task = event.target.closest(".task");
  if (task) current = task;
});

// A link into the report opens it.
document.addEventListener("click", event => {
  const link = event.target.closest("a[target=report]");
  const box = document.getElementById("report-box");
  if (link && box) {
    box.open = true;
    box.scrollIntoView({block: "start"});
  }
});

// A form is sent once, however often a key is pressed.
document.addEventListener("submit", event => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});

if (unsaved || (current && current.classList.contains("open"))) go(current);
