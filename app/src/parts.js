// Parts of a meeting that come as HTML from the server: asked for when they are new on the page, and again when the
// stream says that something they show has changed. What somebody is filling in stays until they are done.
const SOON = 300;
const LATER = 1000;
const all = () => [...document.querySelectorAll("[data-part]")];
const due = new Map();

/// Whether a field differs from what the server wrote into it, and from what was sent of it.
const touched = (field) => {
  if (field.form?.sent?.[field.name] === field.value) return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected) && field.selectedIndex > 0;
  return field.type !== "hidden" && field.value !== field.defaultValue;
};
// What was refused stays until it is sent again or taken back.
const refused = (part) => part.nextElementSibling?.classList.contains("cr-refused");
const busy = (part) => refused(part) || part.querySelector("form[data-busy]") || [...part.querySelectorAll("input, textarea, select")].some(touched);

async function fill(part) {
  if (!part.isConnected) return;
  if (busy(part)) return ask(part, LATER);
  const answer = await fetch(part.dataset.part).catch(() => undefined);
  if (answer?.status === 404) return part.replaceChildren();
  if (!answer?.ok) return ask(part, 5 * LATER);
  const html = await answer.text();
  if (busy(part)) return ask(part, LATER);
  // As the browser writes it, so that what came with the page is known again.
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const before = part.told ?? part.innerHTML;
  part.told = fresh.innerHTML;
  if (part.told === before) return;
  const open = [...part.querySelectorAll("details")].map((fold) => fold.open);
  const focus = part.contains(document.activeElement) ? document.activeElement.id : "";
  // What one is at stays where it is on the screen.
  const at = document.activeElement !== document.body && !part.contains(document.activeElement) ? document.activeElement : undefined;
  const top = at?.getBoundingClientRect().top;
  part.replaceChildren(fresh.content);
  part.querySelectorAll("details").forEach((fold, at) => (fold.open ||= open[at] ?? false));
  if (at) scrollBy(0, at.getBoundingClientRect().top - top);
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
const look = () => all().filter((part) => !part.firstChild && !due.has(part) && part.told === undefined).forEach((part) => ask(part, 0));
new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
look();
addEventListener("offline", () => document.body.classList.add("cr-offline"));
addEventListener("online", () => document.body.classList.remove("cr-offline"));
