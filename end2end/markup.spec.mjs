// Markup that somebody types is text: in the box, for colleagues, after a reload, in the record.
import { PEOPLE, analysisOf, boxOf, expect, live, plan, test, look } from "./caseround.mjs";

const WORKER = "julian.yardarm.7002@example.invalid";
const MARKUP = '</textarea></form><form id="forged" action="/api/worker/save"><button>Save</button></form><b id="forged">&quot; &amp;amp; "><\n\nsecond line';

for (const javaScriptEnabled of [true, false]) {
  test(`markup typed in a box stays words, with scripts ${javaScriptEnabled ? "on" : "off"}`, async ({ server, person }) => {
    const chair = await person(PEOPLE.chair);
    const meeting = await plan(chair, server, ["FS-3046"]);
    await live(chair);
    await chair.getByRole("button", { name: "Open meeting" }).click();
    await chair.getByRole("button", { name: "Start this family", exact: true }).click();
    const worker = await person(WORKER, { javaScriptEnabled, expectErrors: javaScriptEnabled ? [] : ["was preloaded using link preload"] });
    await worker.goto(meeting);
    if (javaScriptEnabled) await live(worker);
    await look(worker, "Views");
    await analysisOf(worker).fill(MARKUP);
    if (!javaScriptEnabled) await worker.locator(".cr-box", { has: analysisOf(worker) }).getByRole("button", { name: "Save", exact: true }).click();
    await look(chair, "Views");
    await expect(boxOf(chair, "Julian Yardarm").locator(".cr-box__text")).toHaveText(MARKUP, { useInnerText: true });
    for (const page of [worker, chair]) {
      await page.reload();
      if (page === chair || javaScriptEnabled) await live(page);
      expect(await page.locator("#forged").count()).toBe(0);
    }
    await Promise.all([look(worker, "Views"), look(chair, "Views")]);
    await expect(analysisOf(worker)).toHaveValue(MARKUP);
    await expect(boxOf(chair, "Julian Yardarm").locator(".cr-box__text")).toHaveText(MARKUP, { useInnerText: true });
    if (javaScriptEnabled) {
      // What cannot stand in a text goes from the field as it goes from the text.
      await analysisOf(worker).fill("one\u0000two\ufffe\uf0b7 three \ud83c");
      await expect(analysisOf(worker)).toHaveValue("onetwo• three \ufffd");
      await expect(boxOf(chair, "Julian Yardarm")).toContainText("onetwo• three");
    }
  });
}
