// What a screen reader says of a whole family, to the chair and to a specialist: nothing lost, nothing doubled.
import { readFileSync } from "node:fs";
import { PEOPLE, analysisOf, expect, finish, live, look, plan, planWith, scene, test, turnTo } from "./caseround.mjs";

const READER = readFileSync(new URL("../node_modules/@guidepup/virtual-screen-reader/lib/esm/index.browser.js", import.meta.url), "utf8");
const WORKER = "julian.yardarm.7002@example.invalid";

/// Reads the page from its beginning to its end, and gives every phrase. The reader does not know that a browser leaves out
/// what a closed disclosure holds.
const spoken = (page) =>
  page.evaluate(async (code) => {
    window.reader ??= (await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))).virtual;
    const closed = document.head.appendChild(document.createElement("style"));
    closed.textContent = "details:not([open]) > :not(summary) { display: none; }";
    await window.reader.start({ container: document.querySelector("main") });
    do await window.reader.next();
    while ((await window.reader.lastSpokenPhrase()) !== "end of main");
    const phrases = await window.reader.spokenPhraseLog();
    await window.reader.stop();
    closed.remove();
    return phrases;
  }, READER);

const ROLES = ["heading", "link", "button", "textbox", "combobox", "radio", "tab"];

/// What the browser's own tree holds: role and name of each heading and control, in order.
const held = async (page) => {
  const snapshot = await page.locator("main").ariaSnapshot();
  const named = [...snapshot.matchAll(/^\s*- '?(\w+) "((?:[^"\\]|\\.)*)"/gm)].map(([, role, name]) => [role, name.replace(/\\"/g, '"').replace(/''/g, "'")]);
  return named.filter(([role]) => ROLES.includes(role));
};

/// What is spoken and what the tree holds, of one and the same page: where something came while it was read, it is read again.
async function both(page) {
  for (;;) {
    const before = await held(page);
    const phrases = await spoken(page);
    const tree = await held(page);
    if (JSON.stringify(before) === JSON.stringify(tree)) return { phrases, tree };
  }
}

/// Each heading and control of the browser's tree is spoken once, in its order, and none besides.
async function speaks(page, where) {
  const { phrases, tree } = await both(page);
  const said = phrases.filter((phrase) => ROLES.some((role) => phrase.startsWith(`${role}, `)));
  expect(said.length, `${where}: ${said.join(" | ")}`).toBe(tree.length);
  tree.forEach(([role, name], at) => expect(said[at].startsWith(`${role}, ${name}`), `${where}: ${role} "${name}" is spoken as "${said[at]}"`).toBe(true));
  const levels = said.flatMap((phrase) => phrase.match(/^heading, .*level (\d)$/)?.[1] ?? []).map(Number);
  levels.reduce((before, level) => (expect(level, `${where}: no level is left out, ${levels}`).toBeLessThanOrEqual(before + 1), level), 0);
  expect(said[0], where).toMatch(/^heading, FS-3046 .* level 1$/);
  // No sentence is read out twice in a row.
  const doubled = phrases.filter((phrase, at) => phrase.length > 20 && phrase === phrases[at - 1]);
  expect(doubled, where).toEqual([]);
  return phrases;
}

/// What is said between a heading of the page and the next landmark.
const after = (phrases, heading) => {
  const from = phrases.findIndex((phrase) => phrase.startsWith(`heading, ${heading}`));
  const to = phrases.findIndex((phrase, at) => at > from && phrase.startsWith("complementary"));
  return phrases.slice(from, to);
};

test("a family as a screen reader speaks it, to the chair and to a specialist", async ({ server, person }) => {
  test.setTimeout(240_000);
  const chair = await person(PEOPLE.chair, { bypassCSP: true });
  const worker = await person(WORKER, { bypassCSP: true });
  const meeting = await plan(chair, server, ["FS-3046"]);
  await worker.goto(meeting);
  await Promise.all([chair, worker].map(live));
  await speaks(worker, "a worker before the meeting");
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await chair.getByRole("button", { name: "Everybody is in the room" }).first().click();
  await look(worker, "Views");
  await analysisOf(worker).fill("Calmer mornings.");
  await expect(worker.locator(".cr-identity .cr-state")).toHaveText("Saved");
  for (const [who, page] of [["the chair", chair], ["a worker", worker]]) {
    for (const heading of ["Last steps", "Views", "Meaning", "Decide"]) {
      await look(page, heading);
      await speaks(page, `${who} at ${heading}`);
    }
  }

  // The specialist's own words: where to write, what stands there, who reads it.
  await look(worker, "Views");
  const views = after(await spoken(worker), "Everyone's view");
  for (const once of ["heading, My analysis · FS-3046, level 3", "Everyone who works with this family reads this as you type."])
    expect(views.filter((phrase) => phrase === once), once).toHaveLength(1);
  expect(views.filter((phrase) => phrase.startsWith("textbox, My analysis · FS-3046")), views.join(" | ")).toEqual(["textbox, My analysis · FS-3046"]);
  expect(views.filter((phrase) => phrase === "Calmer mornings.")).toHaveLength(1);

  // What is proposed, who stands where and what was confirmed, to both.
  await look(chair, "Decide");
  const decision = chair.locator(".cr-decision").first();
  await decision.getByLabel("What is decided").selectOption({ label: "Continue with the plan" });
  await decision.getByLabel("Why", { exact: true }).fill("Mornings are calmer.");
  await decision.getByRole("button", { name: "Propose this decision" }).click();
  await look(worker, "Decide");
  await expect(worker.getByRole("button", { name: /^Agree/ }).first()).toBeVisible();
  await speaks(worker, "a worker who is asked");
  await worker.getByRole("button", { name: "Agree", exact: true }).first().click();
  await expect(decision.locator(".cr-stances")).toContainText(/Agree: .*Julian Yardarm/);
  await speaks(chair, "the chair, a decision proposed");
  await chair.getByRole("button", { name: /^Confirm / }).click();
  await expect(worker.getByText(/Confirmed by Zara Northlight/)).toBeVisible();
  const decided = after(await speaks(worker, "a worker, the decision confirmed"), "Decide").join(" ");
  for (const words of ["Continue with the plan", "Mornings are calmer.", "Agree: Julian Yardarm", "Confirmed by Zara Northlight"]) expect(decided).toContain(words);
  await finish(chair);
  await expect(chair.getByRole("heading", { name: /finished at/ })).toBeVisible();
  await speaks(chair, "the chair, the family finished");
});

test("every heading of the full template as a screen reader speaks it", async ({ server, person }) => {
  test.setTimeout(300_000);
  const chair = await person(PEOPLE.chair, { bypassCSP: true });
  const worker = await person(WORKER, { bypassCSP: true });
  await worker.goto(await planWith(chair, server, ["FS-3046"]));
  await Promise.all([chair, worker].map(live));
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await chair.getByRole("button", { name: "Everybody is in the room" }).first().click();
  // Each heading is heard as the room comes to it, and once more with what was done there.
  const heard = async (heading, title, done, words = []) => {
    await turnTo(chair, title);
    for (const page of [chair, worker]) await look(page, heading);
    await speaks(chair, `the chair at ${heading}`);
    await speaks(worker, `a worker at ${heading}`);
    if (!done) return;
    await done();
    for (const [who, page] of [["the chair", chair], ["a worker", worker]]) {
      // The reader does not know what stands in a field that is written in.
      const written = await page.locator("main textarea").evaluateAll((fields) => fields.map((field) => field.value));
      const phrases = [...(await speaks(page, `${who} at ${heading}, done`)), ...written];
      for (const word of words) expect(phrases.filter((phrase) => phrase.includes(word)), `${who} hears at ${heading}`).not.toEqual([]);
    }
  };
  await speaks(chair, "the chair at Check-in");
  await heard("Last steps", "Review last month's steps");
  await heard("Lives", "Each child's life now", async () => {
    await scene(worker).getByRole("textbox").first().fill("Up at six, gets dressed alone.");
    await expect(scene(chair).getByRole("textbox").first()).toHaveValue(/Up at six/);
  });
  await heard("Views", "Everyone's view", async () => {
    await analysisOf(worker).fill("Calmer mornings.");
    await expect(scene(chair)).toContainText("Calmer mornings.");
  }, ["Calmer mornings."]);
  await heard("Scores", "Scores", async () => {
    await worker.locator(".cr-scale").first().getByRole("radio", { name: "4", exact: true }).click();
    await expect(worker.getByText("You gave 4.")).toBeVisible();
    await chair.locator(".cr-scale").first().getByRole("radio", { name: "8", exact: true }).click();
    await chair.getByRole("button", { name: "Reveal the numbers" }).click();
    await expect(scene(worker)).toContainText("Furthest apart");
  }, ["Furthest apart"]);
  await heard("Meaning", "What we think it means");
  await heard("Decide", "Decide, child by child", async () => {
    await chair.locator("#option-what").fill("Wait a month: nothing would change.");
    await chair.locator("#option-what").press("Enter");
    await expect(scene(worker)).toContainText("Wait a month");
    const decision = chair.locator(".cr-decision").first();
    await decision.getByLabel("What is decided").selectOption({ label: "Continue with the plan" });
    await decision.getByLabel("Why", { exact: true }).fill("Mornings are calmer.");
    await decision.getByRole("button", { name: "Propose this decision" }).click();
    await expect(scene(worker).getByRole("button", { name: /^Agree/ }).first()).toBeVisible();
  }, ["Wait a month", "Continue with the plan", "Mornings are calmer."]);
  await heard("Steps", "Who does what", async () => {
    const steps = chair.locator(".cr-add-step");
    await steps.getByLabel("What", { exact: true }).fill("@nadia ring the school");
    await steps.getByLabel("By when").fill("fri");
    await steps.getByLabel("By when").press("Enter");
    await expect(scene(worker)).toContainText("ring the school");
    await chair.getByLabel("If", { exact: true }).fill("he comes to the house");
    await chair.getByLabel("Then who does what").fill("grandmother rings the police");
    await chair.getByLabel("Then who does what").press("Enter");
    await expect(scene(worker)).toContainText("If he comes to the house");
  }, ["ring the school", "If he comes to the house"]);
  await heard("Read back", "Read back", async () => {}, ["Continue with the plan", "Mornings are calmer.", "ring the school", "If he comes to the house"]);
});
