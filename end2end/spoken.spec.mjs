// What a screen reader says of a whole family, to the chair and to a specialist: nothing lost, nothing doubled.
import { readFileSync } from "node:fs";
import { PEOPLE, analysisOf, expect, finish, live, look, plan, scene, test } from "./caseround.mjs";

const READER = readFileSync(new URL("../node_modules/@guidepup/virtual-screen-reader/lib/esm/index.browser.js", import.meta.url), "utf8");
const WORKER = "julian.yardarm.7002@example.invalid";

/// Reads the page from its beginning to its end, and gives every phrase.
const spoken = (page, inside = "main") =>
  page.evaluate(
    async ([code, inside]) => {
      window.reader ??= (await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))).virtual;
      await window.reader.start({ container: document.querySelector(inside) });
      for (let at = 0; at < 2000; at++) {
        await window.reader.next();
        if ((await window.reader.lastSpokenPhrase()) === "end of main" || (await window.reader.lastSpokenPhrase()).startsWith("end of document")) break;
      }
      const phrases = await window.reader.spokenPhraseLog();
      await window.reader.stop();
      return phrases;
    },
    [READER, inside],
  );

test("a family as a screen reader speaks it, to the chair and to a specialist", async ({ server, person }) => {
  test.setTimeout(180_000);
  const chair = await person(PEOPLE.chair, { bypassCSP: true });
  const worker = await person(WORKER, { bypassCSP: true });
  const meeting = await plan(chair, server, ["FS-3046"]);
  await worker.goto(meeting);
  await Promise.all([chair, worker].map(live));
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start", exact: true }).click();
  await look(worker, "Views");
  await analysisOf(worker).fill("Calmer mornings.");
  for (const [who, page] of [["chair", chair], ["worker", worker]]) {
    for (const heading of ["Last steps", "Views", "Meaning", "Decide"]) {
      await look(page, heading);
      const phrases = await spoken(page);
      console.log(who, heading, phrases.length, JSON.stringify(phrases));
    }
  }
});
