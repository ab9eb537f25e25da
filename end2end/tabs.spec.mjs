// Eight tabs of one person, a laptop that slept, somebody whose allocation ends, words that are dictated.
import { PEOPLE, analysisOf, announced, begun, boxOf, expect, finish, live, look, plan, scene, test, toFamily } from "./caseround.mjs";

// One after the other: sixteen tabs at once are more than two processors show in time.
test.describe.configure({ mode: "default" });

// The page of one person and seven more tabs of the same meeting.
const eightTabs = async (first, meeting) => {
  const tabs = [first];
  while (tabs.length < 8) {
    const page = await first.context().newPage();
    await page.goto(meeting);
    await live(page);
    tabs.push(page);
  }
  return tabs;
};

test("eight tabs of one person over HTTP/1.1 all hear, and none holds the others up", async ({ server, person }) => {
  const { chair, worker, meeting } = await begun(server, person);
  const tabs = await eightTabs(worker, meeting);
  for (const [number, tab] of tabs.entries()) {
    await tab.bringToFront();
    await look(tab, "Views");
    // Nobody types before the tab has shown what the one before wrote; that it shows it is what is tested.
    await expect(analysisOf(tab)).toHaveValue(number ? new RegExp(`tab${number - 1} `) : "");
    await analysisOf(tab).press("End");
    await analysisOf(tab).pressSequentially(`tab${number} `);
    await look(chair, "Views");
    await expect(boxOf(chair, "Julian Yardarm")).toContainText(`tab${number}`);
  }
  const text = tabs.map((_, number) => `tab${number} `).join("");
  await expect(analysisOf(tabs[7])).toHaveValue(text);
  await look(chair, "Meaning");
  await chair.getByRole("textbox", { name: /^Ottilie · FS-/ }).fill("Everybody reads this.");
  for (const tab of tabs) {
    await look(tab, "Meaning");
    await expect(tab.getByRole("textbox", { name: /^Ottilie · FS-/ })).toHaveValue("Everybody reads this.");
    await look(tab, "Views");
    await expect(analysisOf(tab)).toHaveValue(text);
  }
});

test("what one types at once in eight tabs stays whole, in whichever order it lands", async ({ server, person }) => {
  const { chair, worker, meeting } = await begun(server, person);
  const tabs = await eightTabs(worker, meeting);
  for (const tab of tabs) {
    await look(tab, "Views");
  }
  // Nobody waits for what another tab wrote.
  for (const [number, tab] of tabs.entries()) {
    await tab.bringToFront();
    await analysisOf(tab).press("End");
    await analysisOf(tab).pressSequentially(`tab${number} `);
  }
  await look(chair, "Views");
  const words = tabs.map((_, number) => `tab${number}`);
  const sorted = async () => (await boxOf(chair, "Julian Yardarm").textContent()).match(/tab\d/g)?.sort();
  await expect.poll(sorted).toEqual(words);
  for (const tab of tabs) {
    await expect.poll(async () => (await analysisOf(tab).inputValue()).trim().split(" ").sort()).toEqual(words);
  }
});

test("a tab that was hidden for long is current again once it is shown", async ({ server, person }) => {
  const { chair, worker, meeting } = await begun(server, person);
  const tab = await worker.context().newPage();
  await tab.clock.install();
  await tab.goto(meeting);
  await live(tab);
  await Promise.all([look(tab, "Views"), look(worker, "Views"), look(chair, "Views")]);
  const becomes = (state) => tab.evaluate((now) => {
    Object.defineProperty(document, "visibilityState", { get: () => now, configurable: true });
    Object.defineProperty(document, "hidden", { get: () => now === "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
  await becomes("hidden");
  // A hidden tab closes its stream after half a minute.
  await tab.clock.fastForward(40_000);
  await analysisOf(worker).pressSequentially("Calmer mornings. ");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Calmer mornings.");
  expect(await analysisOf(tab).inputValue(), "nothing comes to a hidden tab").toBe("");
  await becomes("visible");
  const shown = Date.now();
  await expect.poll(() => analysisOf(tab).inputValue(), { intervals: [10] }).toBe("Calmer mornings. ");
  console.log(`a tab is current ${Date.now() - shown} ms after it is shown`);
  await analysisOf(tab).press("End");
  await analysisOf(tab).pressSequentially("And evenings.");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Calmer mornings. And evenings.");
});

test("a laptop that slept goes on where the meeting is", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, { worker: { expectErrors: ["ERR_", "Failed to"] } });
  await look(worker, "Views");
  await analysisOf(worker).fill("Before the lid was closed.");
  await look(chair, "Views");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Before the lid was closed.");
  const devtools = await worker.context().newCDPSession(worker);
  await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
  await worker.context().setOffline(true);
  await look(chair, "Meaning");
  await chair.getByRole("textbox", { name: /^Ottilie · FS-/ }).fill("Said while it slept.");
  await chair.getByRole("button", { name: /^Next/ }).first().click();
  await chair.waitForTimeout(3000);
  await worker.context().setOffline(false);
  await devtools.send("Page.setWebLifecycleState", { state: "active" });
  await look(worker, "Meaning");
  await expect(worker.getByRole("textbox", { name: /^Ottilie · FS-/ })).toHaveValue("Said while it slept.");
  await worker.getByRole("link", { name: "Go there" }).click();
  await expect(worker.locator("#heading")).toHaveText("Everyone's view");
  await look(worker, "Views");
  await analysisOf(worker).press("End");
  await analysisOf(worker).pressSequentially(" And after.");
  await look(chair, "Views");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Before the lid was closed. And after.");
});

test("somebody whose allocation ends has the family taken off their page at once", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, { worker: { expectErrors: ["404"] } });
  await look(chair, "Meaning");
  await chair.getByRole("textbox", { name: /^Ottilie · FS-/ }).fill("Not for those who have left.");
  await look(worker, "Meaning");
  await expect(worker.getByRole("textbox", { name: /^Ottilie · FS-/ })).toHaveValue("Not for those who have left.");
  const manager = await chair.context().newPage();
  await manager.goto(await chair.locator('a:has-text("the whole workbook")').getAttribute("href").then((path) => server.url + path));
  for (let left = await ends(manager).count(); left > 0; left = await ends(manager).count()) {
    await ends(manager).first().click();
    await expect(ends(manager)).toHaveCount(left - 1);
  }
  await expect(worker.getByText(/taken off this page|not allocated/).first()).toBeVisible();
  expect(await worker.content()).not.toContain("Not for those who have left.");
  expect(await worker.evaluate(() => [...document.querySelectorAll("textarea")].map((box) => box.value).join())).not.toContain("Not for those");
});

const ends = (page) => page.getByRole("button", { name: /End allocation.*Julian Yardarm/ });

test("words that are dictated come as whole phrases while colleagues write in the same box", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person);
  await Promise.all([look(chair, "Meaning"), look(worker, "Meaning")]);
  const [mine, theirs] = [worker, chair].map((page) => page.getByRole("textbox", { name: /^Ottilie · FS-/ }));
  await theirs.fill("Typed: ");
  await expect(mine).toHaveValue("Typed: ");
  await mine.press("Control+Home");
  const phrases = ["She settled at nursery. ", "Her grandmother fetches her. ", "She asks for her brother. "];
  for (const phrase of phrases) {
    // A dictation program puts in a phrase at once, without keys.
    await worker.keyboard.insertText(phrase);
    await theirs.press("Control+End");
    await theirs.pressSequentially("and on ");
  }
  const whole = `${phrases.join("")}Typed: and on and on and on `;
  await expect(mine).toHaveValue(whole);
  await expect(theirs).toHaveValue(whole);
});

test("the next family is fetched ahead, and any other when one turns to it", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair, { expectErrors: ["ERR_", "Failed to"] });
  const worker = await person("julian.yardarm.7002@example.invalid");
  const fetched = [];
  chair.on("response", (response) => response.url().includes("/discussions/") && response.ok() && fetched.push(response.url()));
  const meeting = await plan(chair, server, ["FS-3046", "FS-3004", "FS-3040"]);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  const agenda = chair.locator(".cr-agenda-line");
  const shown = chair.getByRole("heading", { level: 1 });
  await chair.getByRole("button", { name: "Open meeting" }).click();
  // Words written in a family that is not on the page come with it.
  await agenda.getByRole("link", { name: /FS-3040/ }).click();
  await expect(shown).toContainText("FS-3040");
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await look(chair, "Meaning");
  await scene(chair).getByRole("textbox").first().fill("Written ahead of its turn.");
  await expect(chair.locator(".cr-identity .cr-state")).toHaveText("Saved");
  await agenda.getByRole("link", { name: /FS-3046/ }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await look(chair, "Views");
  await look(worker, "Views");
  await analysisOf(worker).fill("Calmer mornings.");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Calmer mornings");
  // Without a connection the chair goes on to the next family, also after what may be seen has changed; and it is fetched
  // once, however much is typed meanwhile.
  const ahead = () => expect.poll(() => fetched.length, "the next family is fetched while the page is idle");
  await ahead().toBeGreaterThanOrEqual(2);
  fetched.length = 0;
  await chair.locator(".cr-raise > summary").click();
  await chair.getByLabel(/What is urgent/).fill("He is near");
  await chair.getByRole("button", { name: "Tell the chair" }).click();
  await analysisOf(worker).pressSequentially(" And calmer evenings, since the clocks changed.", { delay: 40 });
  await ahead().toBe(1);
  await chair.waitForTimeout(2500);
  expect(fetched, "once").toHaveLength(1);
  await chair.context().setOffline(true);
  await agenda.getByRole("link", { name: /FS-3004/ }).click();
  await expect(shown).toContainText("FS-3004");
  await expect(chair.getByRole("tabpanel")).toContainText("Allocated:");
  await chair.context().setOffline(false);
  // A page loaded anew at any family has it whole.
  await chair.reload();
  await live(chair);
  await expect(shown).toContainText("FS-3004");
  await agenda.getByRole("link", { name: /FS-3040/ }).click();
  await look(chair, "Meaning");
  await expect(scene(chair).getByRole("textbox").first()).toHaveValue("Written ahead of its turn.");
});

test("a meeting starts in a browser that is never idle", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  await chair.context().addInitScript(() => {
    window.requestIdleCallback = () => 0;
  });
  await plan(chair, server, ["FS-3046"]);
  await live(chair);
});

test("when the room goes on to another family a reader's page stays, says so once, and goes there by one press", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const [reader, phone] = [await person(PEOPLE.recordTaker), await person(PEOPLE.recordTaker, { viewport: { width: 390, height: 844 } })];
  const meeting = await plan(chair, server, ["FS-3046", "FS-3004", "FS-3007"]);
  for (const page of [reader, phone]) await page.goto(meeting);
  await Promise.all([chair, reader, phone].map(live));
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await expect(chair.locator(".cr-headings__one--now")).toBeVisible();
  const first = await chair.getByRole("heading", { level: 1 }).innerText();
  for (const page of [reader, phone]) await expect(page.locator("h1")).toContainText(first.split(/\s/)[0]);
  await finish(chair);
  const next = chair.getByRole("button", { name: /^Next: FS-/ });
  const reference = (await next.innerText()).replace("Next: ", "");
  await next.click();
  await expect(chair.locator("h1"), "whoever turns the room goes along").toContainText(reference);
  for (const page of [reader, phone]) {
    const there = page.getByRole("group", { name: "Which family the room discusses" });
    await expect(there).toContainText(`The room is at ${reference}.`);
    await expect(there).toBeInViewport();
    await expect(page.locator("h1")).toContainText(first.split(/\s/)[0]);
    await expect.poll(async () => (await announced(page)).filter((words) => words.includes(reference)).length, "said once").toBe(1);
    await there.getByRole("link", { name: "Go there" }).click();
    await expect(page.locator("h1")).toContainText(reference);
    await expect(there).toHaveCount(0);
  }
  // A page that is loaded anew is at the family it was at.
  await chair.getByRole("link", { name: first.split(/\s/)[0] }).first().click();
  await expect(chair.locator("h1")).toContainText(first.split(/\s/)[0]);
  await chair.reload();
  await expect(chair.locator("h1")).toContainText(first.split(/\s/)[0]);
});

test("whoever may not see the family the room is at is told when they are needed next, and one line says where it is", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person("julian.yardarm.7002@example.invalid");
  const meeting = await plan(chair, server, ["FS-3046", "FS-3004", "FS-3007"]);
  await worker.goto(meeting);
  await Promise.all([chair, worker].map(live));
  await chair.getByRole("button", { name: "Open meeting" }).click();
  const begin = async (reference) => {
    await toFamily(chair, reference);
    await chair.getByRole("button", { name: "Start this family", exact: true }).click();
    await expect(chair.locator(".cr-headings__one--now")).toBeVisible();
  };
  await begin("FS-3046");
  const where = worker.locator(".cr-room-at");
  if (await where.count()) await where.getByRole("link", { name: "Go there" }).click();
  await expect(worker.locator("h1")).toContainText("FS-3046");
  await finish(chair);
  await begin("FS-3004");
  await expect(where).toHaveText(/^The room is at another family\. You are needed next for FS-3007, at about \d\d:\d\d\.$/);
  await expect(worker.locator("h1")).toContainText("FS-3046");
  await finish(chair);
  await begin("FS-3007");
  await expect(where).toContainText("The room is at FS-3007.");
  await where.getByRole("link", { name: "Go there" }).click();
  await look(worker, "Views");
  await analysisOf(worker).pressSequentially("In the middle of ");
  // The chair takes the room back to a family that was finished.
  await toFamily(chair, "FS-3046");
  await chair.getByRole("button", { name: "Reopen this family" }).click();
  await expect(where).toHaveCount(1);
  await expect(where).toContainText("The room is at FS-3046.");
  await expect(worker.locator(".cr-headings__one--now"), "the room is at no heading of this family").toHaveCount(0);
  await worker.keyboard.type("a sentence.");
  await expect(analysisOf(worker)).toHaveValue("In the middle of a sentence.");
});
