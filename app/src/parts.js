// Parts of a meeting that come as HTML from the server: asked for together, when they are new on the page and again when
// the stream says that something they show has changed. What somebody is filling in goes with them.
const SOON = 300;
const LATER = 1000;
const family = () => document.querySelector("[data-parts]");
const places = () => [...document.querySelectorAll("[data-part]")];
const wanted = new Set();
let timer, due, asking;

/// Whether a field differs from what the server wrote into it, and from what was sent of it.
const touched = (field) => {
  if (!field.id || field.form?.sent?.[field.name] === field.value) return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
  return field.value !== field.defaultValue;
};
const fields = (part) => [...part.querySelectorAll("input:not([type=hidden]), textarea, select")].filter(touched);
const words = (fold) => fold.querySelector("summary")?.textContent;
/// What can have focus, with what tells it from its like: its own id, or its form's content and its words.
const stops = (part) => [...part.querySelectorAll("a, button, summary, input:not([type=hidden]), select, textarea")].map((stop) => [stop, stop.id || [...(stop.form?.querySelectorAll("[type=hidden]:not([name='form[command]'])") ?? [])].map((field) => field.value) + stop.textContent]);

function ask(names, wait) {
  names.forEach((name) => wanted.add(name));
  const at = Date.now() + wait;
  if (!names.length || (timer && at >= due)) return;
  clearTimeout(timer);
  due = at;
  timer = setTimeout(fetchAll, wait);
}

async function fetchAll() {
  timer = undefined;
  if (asking) return ask([...wanted], SOON);
  const [root, names] = [family(), [...wanted]];
  wanted.clear();
  if (!root) return;
  asking = true;
  const answer = await fetch(`${root.dataset.parts}&names=${names}`).catch(() => undefined);
  const html = answer?.ok ? await answer.text().catch(() => undefined) : answer?.status === 404 ? "" : undefined;
  asking = false;
  if (html === undefined) return ask(names, 5 * LATER);
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  for (const part of places().filter((part) => names.includes(part.dataset.part) && root.contains(part))) {
    if (part.querySelector("form[data-busy]")) ask([part.dataset.part], LATER);
    else fill(part, fresh.content.querySelector(`[data-name="${part.dataset.part}"]`));
  }
  say();
  look();
}

function fill(part, fresh) {
  // As the browser writes it, so that what came with the page is known again.
  const before = part.told ?? part.innerHTML;
  part.told = fresh?.innerHTML ?? "";
  if (part.told === before) return;
  const folds = () => [...part.querySelectorAll("details")].map((fold, at) => [fold, `${at} ${words(fold)}`]);
  const open = new Set(folds().filter(([fold]) => fold.open).map(([, key]) => key));
  // What somebody is filling in goes with them into the new part.
  const kept = fields(part).map(({ id, value, checked, selectionStart, selectionEnd }) => ({ id, value, checked, selectionStart, selectionEnd }));
  const focus = stops(part).find(([stop]) => stop === document.activeElement)?.[1];
  // What one is at stays where it is on the screen.
  const at = document.activeElement !== document.body && !focus ? document.activeElement : undefined;
  const top = at?.getBoundingClientRect().top;
  part.replaceChildren(fresh?.content ?? "");
  // A risk that was told needs its form no more.
  if (pressed.act !== "raise_risk" || part.dataset.part !== "risk") folds().forEach(([fold, key]) => (fold.open ||= open.has(key)));
  for (const field of kept) {
    const now = document.getElementById(field.id);
    if (!now) continue;
    now.value = field.value;
    now.checked = field.checked;
    typed.add(now);
    if (focus === field.id) now.setSelectionRange?.(field.selectionStart, field.selectionEnd);
  }
  if (pressed.act === "reveal_scales" && part.dataset.part === "scales" && part.querySelector("[data-say]")) {
    pressed = {};
    part.closest(".cr-stage").scrollIntoView();
  }
  if (at?.isConnected) scrollBy(0, at.getBoundingClientRect().top - top);
  if (focus === undefined) return;
  // What had focus may be gone: then the keyboard goes on from the part.
  part.tabIndex = -1;
  (stops(part).find(([, known]) => known === focus)?.[0] ?? part).focus({ preventScroll: true });
}

// What is new of what is to be heard is read out: whose turn it is, that the numbers are shown.
const status = document.createElement("p");
status.className = "govuk-visually-hidden";
status.setAttribute("role", "status");
document.body.append(status);
const sayings = () => [...document.querySelectorAll("[data-say]")].map((line) => line.dataset.say);
let heard = new Set(sayings());
function say() {
  const now = sayings();
  const fresh = now.filter((line) => !heard.has(line));
  heard = new Set(now);
  if (!fresh.length) return;
  status.textContent = fresh.join(" ");
  setTimeout(() => (status.textContent = ""), 5 * LATER);
}

// The heading the room turns to opens on every page, and the one before closes where nobody is at it: a page moves only
// for whoever pressed.
let heading, place, pressed = {};
const mine = (...acts) => acts.includes(pressed.act) && Date.now() - pressed.at < 5 * LATER;
function turn() {
  const now = document.querySelector(".cr-stage--now");
  if (now === heading) return;
  const before = heading;
  heading = now;
  if (!now) return;
  const folds = document.querySelector(".cr-stage:not([open])");
  now.open = true;
  if (before?.isConnected && folds && !before.contains(document.activeElement)) {
    const { top, bottom } = before.getBoundingClientRect();
    // One's own box stays open for the sentence that comes later.
    const away = (bottom < 0 || top > innerHeight) && !before.querySelector("[data-insert]");
    if (mine("stage") || away) before.open = false;
  }
  if (mine("stage")) now.scrollIntoView();
  pressed = {};
}

// Whoever finishes a family is taken to the top of what stands there then, with its name.
function arrive() {
  const root = family();
  const over = root && !root.querySelector(".cr-stage--now");
  if (mine("finish", "postpone") && root && (root !== place || over)) {
    pressed = {};
    const name = root.querySelector("h2");
    name.tabIndex = -1;
    name.focus({ preventScroll: true });
    name.scrollIntoView();
  }
  place = root;
}

// What is typed in a field that goes with its form, and was not sent, stays as long as the page.
const typed = new Set();
const left = document.createElement("div");
left.className = "cr-left";
left.setAttribute("role", "status");
document.addEventListener("input", ({ target }) => target.matches("input, textarea:not(.cr-box__input)") && typed.add(target), true);
function keep() {
  // Who may not see the meeting any more sees nothing of it here.
  if (!family()) left.replaceChildren();
  for (const field of typed) {
    if (field.isConnected) continue;
    typed.delete(field);
    const now = field.id && document.getElementById(field.id);
    const words = field.value.trim();
    if (!words || !family() || field.form?.sent?.[field.name] === field.value || now?.value === field.value) continue;
    const line = document.createElement("p");
    line.textContent = `You had written: ${words} `;
    const done = document.createElement("button");
    done.type = "button";
    done.className = "cr-small-button";
    done.textContent = "Put it away";
    done.onclick = () => line.remove();
    line.append(done);
    left.append(line);
    if (!left.isConnected) document.querySelector("leptos-island").before(left);
  }
}

// What is refused is in sight of whoever pressed.
function refused() {
  const told = document.querySelector(".cr-refused:not([data-seen])");
  if (!told) return;
  told.dataset.seen = "";
  told.scrollIntoView({ block: "nearest" });
}

// "Seen:" and its like: into the box one writes in, on a line of its own.
let box;
document.addEventListener("focusin", ({ target }) => { if (target.closest?.(".cr-box")) box = target; });
document.addEventListener("mousedown", (event) => { if (event.target.closest("[data-insert]")) event.preventDefault(); });
document.addEventListener("click", ({ target }) => {
  const tag = target.closest("[data-insert]")?.dataset.insert;
  const stage = target.closest(".cr-stage");
  // A link to a heading opens it.
  const there = target.closest("a[href^='#stage-']");
  if (there) document.querySelector(there.hash).open = true;
  if (!tag) return;
  const into = stage.contains(box) && box.isConnected ? box : stage.querySelector(".cr-box--mine textarea");
  if (!into) return;
  into.focus();
  const before = into.value.slice(0, into.selectionStart);
  document.execCommand("insertText", false, `${!before || before.endsWith("\n") ? "" : "\n"}${tag} `);
});

// What never changes while a meeting lasts is not asked for again.
const STILL = ["tags", "workbook"];
const told = () => ask(places().map((part) => part.dataset.part).filter((name) => !STILL.includes(name)), SOON);
document.addEventListener("submit", ({ target }) => {
  target.sent = Object.fromEntries(new FormData(target));
  pressed = { act: target.sent["form[act]"], at: Date.now() };
}, true);
addEventListener("cr-changed", told);
// The island makes places for another family's parts when it turns to it.
const look = () => {
  turn();
  arrive();
  keep();
  refused();
  for (const group of document.querySelectorAll("[data-names]:empty")) {
    for (const name of group.dataset.names.split(" ").filter(Boolean)) {
      const part = group.appendChild(document.createElement("div"));
      part.className = "cr-part";
      part.dataset.part = name;
      part.id = `part-${name}`;
    }
  }
  // What was refused is still to be sent.
  document.querySelectorAll("[data-names]:has(+ .cr-refused) form").forEach((form) => delete form.sent);
  const empty = places().filter((part) => !part.firstChild && part.told === undefined && !wanted.has(part.dataset.part));
  if (!asking) ask(empty.map((part) => part.dataset.part), 0);
};
new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
look();
addEventListener("offline", () => document.body.classList.add("cr-offline"));
addEventListener("online", () => document.body.classList.remove("cr-offline"));
