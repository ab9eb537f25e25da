// Keeps what is not yet shared on this device, encrypted with a key that the server gives only to the
// signed-in worker and that stays in this page's memory.
const LIFE = 14 * 24 * 3600 * 1000;
const NAME = "caseround";
let database, key, owner, page;
let sound = false;
// One after another: a later word about a name never overtakes an earlier one. All wait until the store is open.
let opened;
let last = new Promise((resolve) => (opened = resolve));
const inTurn = (work) => (last = last.then(work, work));

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
// Nothing is kept from now on. The cause is for whoever looks after the browser; it holds no words.
const unsound = (cause) => {
  console.warn(`This browser keeps no words: ${cause?.name}`);
  return (sound = false);
};
const records = (mode) => database.transaction(NAME, mode).objectStore(NAME);
const bound = (name) => ({ name: "AES-GCM", additionalData: new TextEncoder().encode(name) });

// Held while this page lives; whether it is. `ifAvailable` takes it only where no other page holds it.
const hold = (name, options) => new Promise((resolve) => {
  const held = (lock) => (resolve(!!lock), lock && new Promise(() => {}));
  navigator.locks ? navigator.locks.request(name, options ?? {}, held) : resolve(true);
});

/// From now on this page keeps words for this worker, under its own name. This browser's own number; empty where it keeps
/// nothing.
export function device(worker, load) {
  owner = worker;
  page = load;
  try {
    let id = localStorage.getItem("caseround-device");
    if (!id) localStorage.setItem("caseround-device", (id = crypto.randomUUID()));
    return id;
  } catch {
    opened();
    return "";
  }
}

/// Opens the store and tries it; false where this device cannot keep anything.
export async function open_kept(bytes) {
  try {
    // Another tab leaves this page's words to it.
    await hold(`${NAME} ${page}`);
    key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(NAME, { keyPath: "name" });
    database = await done(opening);
    for (const record of await done(records("readonly").getAll())) {
      if (record.at < Date.now() - LIFE) await done(records("readwrite").delete(record.name));
    }
    sound = true;
    opened();
    await keep("trial", "trial");
    await drop(`${owner}/${page}/trial`);
  } catch (cause) {
    unsound(cause);
    opened();
  }
  return sound;
}

/// Whether everything so far could be kept.
export const keeps = () => sound;

// The newest text by whole name. What it replaces need not be written: who types fast is not behind by the letters before.
const newest = new Map();
let unwritten = 0;

/// Whether a text that is to be kept is not written yet.
export const behind = () => sound && unwritten > 0;

/// Keeps a text under this page's name for it, as of now or of `at`; whether that is done.
export function keep(name, text, at) {
  const under = whole(name);
  let one = newest.get(under);
  if (one?.text === text) return one.done;
  if (!one || one.begun) {
    newest.set(under, (one = { begun: false }));
    unwritten++;
    one.done = inTurn(() => {
      one.begun = true;
      return write(under, one);
    }).finally(() => unwritten--);
  }
  Object.assign(one, { text, at });
  return one.done;
}

async function write(name, { text, at }) {
  if (!sound) return false;
  try {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const words = await crypto.subtle.encrypt({ ...bound(name), iv }, key, new TextEncoder().encode(text));
    await done(records("readwrite").put({ name, iv, words, at: at ?? Date.now() }));
    return true;
  } catch (cause) {
    return unsound(cause);
  }
}

/// Forgets what was kept under a whole name.
export function drop(name) {
  // What is kept under it from now on is written after this.
  newest.delete(name);
  return inTurn(async () => {
    if (database) await done(records("readwrite").delete(name)).catch(() => {});
  });
}

/// The whole name that this page keeps `name` under.
export const whole = (name) => `${owner}/${page}/${name}`;

// What this page has taken of what closed pages left: it stays in the store until it is shared.
const taken = new Set();
let looked = false;

/// What closed pages of this worker left under names that begin so and this page has not taken yet, oldest first, as
/// [whole name, text, when]. Of two tabs that look at once, one takes what a page left: it holds that page's lock.
export async function left_behind(start) {
  const found = [], ours = new Map();
  // Without locks nobody knows a closed page from an open one.
  if (looked && !navigator.locks) return found;
  looked = true;
  for (const record of database ? await done(records("readonly").getAll()) : []) {
    const [whose, load, ...name] = record.name.split("/");
    if (whose !== owner || load === page || taken.has(record.name) || !name.join("/").startsWith(start)) continue;
    if (!ours.has(load)) ours.set(load, await hold(`${NAME} ${load}`, { ifAvailable: true }));
    if (!ours.get(load)) continue;
    try {
      const words = await crypto.subtle.decrypt({ ...bound(record.name), iv: record.iv }, key, record.words);
      taken.add(record.name);
      found.push([record.at, record.name, new TextDecoder().decode(words)]);
    } catch {
      // Another worker's, or a key that is gone: nobody can read it, and it ends with its days.
    }
  }
  return found.sort((a, b) => a[0] - b[0]).map(([at, name, text]) => [name, text, at]);
}

/// Forgets everything this worker has on this device.
export async function discard_all() {
  for (const record of database ? await done(records("readonly").getAll()) : []) {
    if (record.name.startsWith(`${owner}/`)) await drop(record.name);
  }
}

// Forms somebody has begun to fill in and not sent; a box keeps its words by itself.
const begun = new Set();
let composing = false;
addEventListener("input", (event) => {
  const { target } = event;
  // Where the page itself has put words back into a form, nobody is filling it in.
  if (target.form && !target.closest(".cr-box") && !(event instanceof CustomEvent)) begun.add(target.form);
});
addEventListener("submit", ({ target }) => begun.delete(target));
addEventListener("compositionstart", () => (composing = true));
addEventListener("compositionend", () => (composing = false));
const PLACE = "caseround-place";

/// Loads the page again once everything is kept; false while somebody is in the middle of something.
export function renew() {
  if (composing || [...begun].some((form) => form.isConnected)) return false;
  const { id, selectionStart, selectionEnd } = document.activeElement;
  sessionStorage.setItem(PLACE, JSON.stringify([id, selectionStart, selectionEnd, scrollY]));
  inTurn(() => location.reload());
  return true;
}

/// After that, focus, caret and scroll are where they were.
export function go_on() {
  const place = sessionStorage.getItem(PLACE);
  if (!place) return;
  sessionStorage.removeItem(PLACE);
  const [id, start, end, top] = JSON.parse(place);
  const field = id && document.getElementById(id);
  field?.focus({ preventScroll: true });
  if (start != null) field?.setSelectionRange?.(start, end);
  scrollTo(0, top);
}

/// Which build this page is of.
export const build = () => document.documentElement.dataset.build;

// A browser has six connections for all its tabs, but for HTTP/2; so many tabs hold a stream, the others ask.
const LINES = 3;
let release;

/// Whether this tab may hold a stream open.
export async function take_line() {
  const { nextHopProtocol } = performance.getEntriesByType("navigation")[0] ?? {};
  if (release || nextHopProtocol === "h2" || !navigator.locks) return true;
  for (let line = 0; line < LINES; line++) {
    const taken = await new Promise((resolve) => {
      const held = (lock) => (resolve(!!lock), lock && new Promise((done) => (release = done)));
      navigator.locks.request(`${NAME} line ${line}`, { ifAvailable: true }, held);
    });
    if (taken) return true;
  }
  return false;
}

/// Leaves it to another tab.
export function give_line() {
  release?.();
  release = undefined;
}
