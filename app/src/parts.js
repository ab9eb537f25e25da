// Parts of a meeting that come as HTML from the server: asked for when they are new on the page, and again when the
// stream says that something they show has changed. What somebody is filling in goes with them.
const SOON = 300;
const LATER = 1000;
const all = () => [...document.querySelectorAll("[data-part]")];
const due = new Map();

/// Whether a field differs from what the server wrote into it, and from what was sent of it.
const touched = (field) => {
  if (!field.id || field.form?.sent?.[field.name] === field.value) return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
  return field.value !== field.defaultValue;
};
const fields = (part) => [...part.querySelectorAll("input:not([type=hidden]), textarea, select")].filter(touched);
const words = (fold) => fold.querySelector("summary")?.textContent;

async function fill(part) {
  if (!part.isConnected) return;
  if (part.querySelector("form[data-busy]")) return ask(part, LATER);
  const answer = await fetch(part.dataset.part).catch(() => undefined);
  if (answer?.status === 404) return part.replaceChildren();
  if (!answer?.ok) return ask(part, 5 * LATER);
  const html = await answer.text();
  if (part.querySelector("form[data-busy]")) return ask(part, LATER);
  // As the browser writes it, so that what came with the page is known again.
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const before = part.told ?? part.innerHTML;
  part.told = fresh.innerHTML;
  if (part.told === before) return;
  const open = new Set([...part.querySelectorAll("details[open]")].map(words));
  // What somebody is filling in goes with them into the new part.
  const kept = fields(part).map(({ id, value, checked, selectionStart, selectionEnd }) => ({ id, value, checked, selectionStart, selectionEnd }));
  const focus = part.contains(document.activeElement) ? document.activeElement.id : "";
  // What one is at stays where it is on the screen.
  const at = document.activeElement !== document.body && !focus ? document.activeElement : undefined;
  const top = at?.getBoundingClientRect().top;
  part.replaceChildren(fresh.content);
  part.querySelectorAll("details").forEach((fold) => (fold.open ||= open.has(words(fold))));
  for (const field of kept) {
    const now = document.getElementById(field.id);
    if (now) {
      now.value = field.value;
      now.checked = field.checked;
      if (focus === field.id) now.setSelectionRange?.(field.selectionStart, field.selectionEnd);
    } else if (field.value.trim()) {
      (part.left ??= []).push(field.value);
    }
  }
  // Words whose field is gone stay as long as the page.
  for (const left of part.left ?? []) {
    const line = document.createElement("p");
    line.className = "govuk-inset-text";
    line.textContent = `You had written: ${left}`;
    part.append(line);
  }
  if (at?.isConnected) scrollBy(0, at.getBoundingClientRect().top - top);
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
}

function ask(part, wait) {
  clearTimeout(due.get(part));
  due.set(part, setTimeout(() => {
    due.delete(part);
    fill(part);
  }, wait));
}

const told = (kind) => all().filter((part) => part.dataset.on.includes(kind)).forEach((part) => ask(part, SOON));
document.addEventListener("submit", ({ target }) => (target.sent = Object.fromEntries(new FormData(target))), true);
addEventListener("cr-practice", () => told("practice"));
addEventListener("cr-room", () => told("room"));
// The island makes places for another family's parts when it turns to it.
const look = () => {
  // What was refused is still to be sent.
  all().filter((part) => part.nextElementSibling?.classList.contains("cr-refused")).forEach((part) => part.querySelectorAll("form").forEach((form) => delete form.sent));
  all().filter((part) => !part.firstChild && !due.has(part) && part.told === undefined).forEach((part) => ask(part, 0));
};
new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
look();
addEventListener("offline", () => document.body.classList.add("cr-offline"));
addEventListener("online", () => document.body.classList.remove("cr-offline"));
