// Markup that somebody types is text: in the box, for colleagues, after a reload, in the record.
import { PEOPLE, act, analysisOf, boxOf, expect, live, look, plan, planWith, test } from "./caseround.mjs";

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

// One line of it, for the fields of one line.
const LINE = '</textarea></title></option></form><form id="forged"><i id="forged">"\'> &amp;amp; {{x}} $z$';

test("markup in every field of a meeting stays words, on pages that hear it and on pages that load it", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER);
  const meeting = await planWith(chair, server, ["FS-3046"], "Full");
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  const slot = await chair.locator("input[name='form[slot]']").first().inputValue();
  const field = (page, name) => page.locator(`input[name='form[${name}]']`).first().inputValue();
  const taken = async (page, fields) => expect(await act(page, { slot, ...fields }), fields.act).toBe("");
  const me = await worker.evaluate(() => document.querySelector("form[data-worker]").dataset.worker);
  await taken(chair, { act: "everybody_here" });
  await look(chair, "Scores");
  const child = await field(chair, "child");
  await look(chair, "Decide");
  const decision = await field(chair, "decision");
  await look(worker, "Steps");
  const adult = await worker.locator("select[name='form[with]'] option:not([value=''])").first().getAttribute("value");
  const due = "11 Dec";
  // Under which heading it stands, and what is sent.
  const sent = [
    ["Views", worker, { act: "write", area: `analysis-${me}`, base: 0, text: LINE }],
    ["Lives", chair, { act: "write", area: `life-${child}`, base: 0, text: LINE }],
    ["Meaning", chair, { act: "write", area: `meaning-${child}`, base: 0, text: LINE }],
    ["Scores", worker, { act: "answer_scale", scale: "safety", child, worker: me, number: 4, why: LINE }],
    ["Scores", chair, { act: "reveal_scales" }],
    ["Scores", chair, { act: "word_scales", text: LINE }],
    ["Decide", chair, { act: "consider_option", child, what: LINE }],
    ["Decide", chair, { act: "word", decision, base: 0, kind: "continue", what: LINE, why: LINE, to: "", route: "here" }],
    ["Decide", worker, { act: "stand", decision, base: 1, worker: me, position: "disagree", why: LINE }],
    ["Steps", chair, { act: "add_step", what: LINE, owner: me, due, with: LINE, measure: LINE }],
    ["Steps", chair, { act: "agree_contingency", child, what: LINE, why: LINE }],
    ["Steps", worker, { act: "agree_conversation", worker: me, with: adult, process: "", what: LINE, own_words: LINE, own_number: LINE }],
    ["Views", chair, { act: "ask_question", what: LINE, seen: "" }],
  ];
  for (const [, page, fields] of sent) await taken(page, fields);
  const headings = new Set(sent.map(([heading]) => heading));
  const typed = (heading) => sent.filter(([under]) => under === heading).flatMap(([, , fields]) => Object.values(fields)).filter((value) => value === LINE).length;
  // How often the words stand there: as text, or as what a field holds.
  const times = (page) =>
    page.evaluate((line) => {
      const fields = [...document.querySelectorAll("textarea, input")].map((field) => field.value);
      return [document.body.innerText, ...fields].reduce((sum, text) => sum + text.split(line).length - 1, 0);
    }, LINE);
  const heard = {};
  for (const heading of headings) {
    for (const [name, page] of Object.entries({ chair, worker })) {
      await look(page, heading);
      await expect.poll(() => times(page), `${name} at ${heading}`).toBeGreaterThanOrEqual(typed(heading));
      heard[name + heading] = await times(page);
      expect(await page.locator("#forged").count(), `${name} at ${heading}`).toBe(0);
    }
  }
  await Promise.all([chair.reload(), worker.reload()]);
  await Promise.all([live(chair), live(worker)]);
  for (const heading of headings) {
    for (const [name, page] of Object.entries({ chair, worker })) {
      await look(page, heading);
      await expect.poll(() => times(page), `${name} at ${heading}, loaded`).toBe(heard[name + heading]);
      expect(await page.locator("#forged").count(), `${name} at ${heading}, loaded`).toBe(0);
    }
  }
});
