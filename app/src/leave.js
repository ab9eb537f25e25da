// On pages without the meeting: nothing written is lost by leaving them, and what was done is said aloud.

// What a page says as it loads is not read out. Where the address leads past it, to a part of the page, it is said again.
const done = document.querySelector(".cr-saved p");
if (done && location.hash) {
  const words = done.textContent;
  done.textContent = "";
  setTimeout(() => (done.textContent = words), 200);
}

// Words in a text that is not saved: the browser asks before it leaves the page.
let sending = false;
addEventListener("submit", (event) => (sending = !event.defaultPrevented));
addEventListener("beforeunload", (event) => {
  const unsaved = [...document.querySelectorAll("textarea")].some((text) => text.value !== text.defaultValue);
  if (unsaved && !sending) event.preventDefault();
});

// Signing out asks about words that this device still keeps for this worker.
const form = document.querySelector("form[action='/api/sign-out']");
const dialog = document.getElementById("leaving");

/// A request's answer; nothing where the device has none.
const answer = (request, given) => {
  request.onsuccess = () => given(request.result);
  request.onerror = () => given();
};

/// The names of what is kept for this worker, each "worker/page/meeting/kind/…".
const kept = () => new Promise((resolve) => {
  const opening = indexedDB.open("caseround", 1);
  // Nothing was ever kept here, and no empty store is left behind.
  opening.onupgradeneeded = () => opening.transaction.abort();
  answer(opening, (database) => {
    if (!database) return resolve([]);
    const mine = (names = []) => resolve(names.filter((name) => name.startsWith(`${form.dataset.worker}/`)));
    answer(database.transaction("caseround").objectStore("caseround").getAllKeys(), mine);
  });
});

const discard = (names) => new Promise((resolve) => {
  answer(indexedDB.open("caseround", 1), (database) => {
    const writing = database.transaction("caseround", "readwrite");
    names.forEach((name) => writing.objectStore("caseround").delete(name));
    writing.oncomplete = writing.onabort = resolve;
  });
});

/// What is half written in a form waits for its author, and is not sent by itself.
const goes = (name) => name.split("/")[3] !== "form";

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const names = await kept().catch(() => []);
  if (!names.some(goes)) return form.submit();
  dialog.querySelector("a").href = `/meetings/${names.find(goes).split("/")[2]}`;
  dialog.onclose = async () => {
    if (dialog.returnValue === "discard") await discard(names);
    if (["keep", "discard"].includes(dialog.returnValue)) form.submit();
  };
  dialog.returnValue = "";
  dialog.showModal();
});

// On one's own page: which meetings this browser keeps words for, and the way to share or discard them.
const place = document.getElementById("kept-words");
const show = async () => {
  const names = await kept().catch(() => []);
  place.parentElement.querySelectorAll(".cr-kept").forEach((line) => line.remove());
  if (!names.length) {
    place.textContent = "This browser keeps no words of yours that are not shared.";
    return;
  }
  place.textContent = "These words are kept on this browser, encrypted, and not yet shared.";
  for (const meeting of new Set(names.map((name) => name.split("/")[2]))) {
    const words = names.filter((name) => name.split("/")[2] === meeting);
    const line = document.createElement("p");
    line.className = "govuk-body cr-kept";
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = `/meetings/${meeting}`;
    link.textContent = words.some(goes) ? "Open the meeting to share them" : "Open the meeting to go on with them";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "cr-link-button";
    button.textContent = "Discard them";
    // Discarded, they are gone: the first press asks.
    button.onclick = async () => {
      if (!button.dataset.sure) {
        button.dataset.sure = "yes";
        button.textContent = "Discard them for good: this cannot be undone";
        return;
      }
      await discard(words);
      await show();
    };
    line.append(link, " · ", button);
    place.after(line);
  }
};
if (place && form) show();
