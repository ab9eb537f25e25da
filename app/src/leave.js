// Signing out on a page without the meeting: asks about words that this device still keeps for this worker.
const form = document.querySelector("form[action='/api/sign-out']");
const dialog = document.getElementById("leaving");

/// A request's answer; nothing where the device has none.
const answer = (request, given) => {
  request.onsuccess = () => given(request.result);
  request.onerror = () => given();
};

/// The names of what is kept for this worker, each "worker/page/meeting/…".
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

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const names = await kept().catch(() => []);
  if (!names.length) return form.submit();
  dialog.querySelector("a").href = `/meetings/${names[0].split("/")[2]}`;
  dialog.onclose = async () => {
    if (dialog.returnValue === "discard") await discard(names);
    if (["keep", "discard"].includes(dialog.returnValue)) form.submit();
  };
  dialog.returnValue = "";
  dialog.showModal();
});
