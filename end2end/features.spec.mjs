// The full template: with its presses counted, and with scripts off on a small screen.
import { PEOPLE, WORKER, accessible, analysisOf, announced, boxOf, expect, finish, live, look, plan, planWith, scene, test, turnTo } from "./caseround.mjs";

/// Presses and choices beyond typing: clicks, Enter, and choosing from a list.
function counter() {
  let actions = 0;
  return {
    click: async (locator) => { actions++; await locator.click(); },
    choose: async (locator, option) => { actions++; await locator.selectOption(typeof option === "string" ? { label: option } : option); },
    enter: async (locator) => { actions++; await locator.press("Enter"); },
    total: () => actions,
  };
}

test("the full template: a chair in at most 26 actions, each worker in at most 4", async ({ server, person }) => {
  test.setTimeout(120_000);
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER);
  const meeting = await planWith(chair, server, ["FS-3046"]);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  const [count, theirs] = [counter(), counter()];
  await count.click(chair.getByRole("button", { name: "Start this family", exact: true }));
  await count.click(chair.locator(".cr-people > summary"));
  await count.choose(chair.locator("#bring-who"), "Tamsin Practiss, recovery worker");
  await chair.getByLabel("Why, in a line").fill("Saw mum at the clinic");
  await count.enter(chair.getByLabel("Why, in a line"));
  await expect(chair.getByRole("button", { name: "In the room: Tamsin Practiss" })).toBeVisible();
  await count.click(chair.getByRole("button", { name: "Everybody is in the room" }).first());
  await chair.keyboard.press("Escape");
  await accessible(chair, "the full template, begun");

  // Each child's life, in one box for each child, by whoever knows.
  await turnTo(chair, "Each child's life now", count.click);
  const life = scene(worker);
  await life.getByRole("textbox").first().fill("Up at six, gets the little one dressed.");
  await look(worker, "Views");
  await analysisOf(worker).fill("New: the school rang twice.");
  await expect(scene(chair).getByRole("textbox").first()).toHaveValue(/Up at six/);
  await turnTo(chair, "Everyone's view", count.click);
  await expect(scene(chair)).toContainText("Next to speak:");
  await analysisOf(worker).press("End");
  await worker.getByRole("button", { name: "Told:" }).click();
  await worker.keyboard.type("by the school nurse, that he is tired.");
  await look(chair, "Views");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("New: the school rang twice.\nTold: by the school nurse");

  await turnTo(chair, "Scores", count.click);
  await theirs.click(worker.getByRole("link", { name: "Go there" }));
  // A number for one child, given alone; the chair for somebody on the phone sees none of it.
  await theirs.click(worker.locator(".cr-scale").first().getByRole("radio", { name: "4", exact: true }));
  await expect(worker.getByText("You gave 4.")).toBeVisible();
  await count.click(chair.locator(".cr-scale").first().getByRole("radio", { name: "8", exact: true }));
  await count.click(chair.getByRole("button", { name: "Reveal the numbers" }));
  await expect(scene(worker)).toContainText("Furthest apart");
  await expect.poll(async () => (await announced(worker)).join(" ")).toContain("The numbers are shown.");
  await accessible(worker, "numbers revealed");
  await chair.getByLabel(/What the numbers told us/).fill("Mornings look different from school and from home.");
  // Words that are left are kept.
  await turnTo(chair, "Decide, child by child", count.click);
  await worker.getByLabel("An option, and what speaks for it and against it").fill("Wait a month: nothing would change for the children.");
  await look(chair, "Decide");
  const decision = chair.locator(".cr-decision").first();
  await count.choose(decision.getByLabel("What is decided"), "Step up: strategy discussion");
  await decision.getByLabel("Why", { exact: true }).fill("Two calls from the school in a week.");
  await count.click(decision.getByRole("button", { name: "Propose this decision" }));
  await expect(chair.getByText(/May follow: the initial child protection conference/)).toContainText("Tuesday 15 December 2026");
  await look(worker, "Decide");
  // Whoever leaves the line for the next thing has added the option.
  await theirs.click(worker.getByRole("button", { name: /^Agree/ }).first());
  await expect(chair.getByText("Wait a month").first()).toBeVisible();
  await count.click(decision.getByRole("button", { name: /^Record that (all|the others) agree$/ }));
  await count.click(chair.getByRole("button", { name: "Confirm and go to Steps" }));
  await expect(chair.locator("#heading")).toContainText("Who does what");
  await count.click(chair.getByRole("button", { name: "Agree this date" }));
  // What is recommended has made its first step.
  await expect(chair.locator(".cr-next-steps__step")).toContainText(["Take “Step up: strategy discussion” to the duty manager · nobody yet · no date yet"]);
  const steps = chair.locator(".cr-add-step");
  for (const [n, [who, due]] of [["@eskdale", "fri"], ["@nadia", "2w"], ["@josephine", "12/12"], ["@tamsin", "tomorrow"], ["@damian kingcup", "1m"]].entries()) {
    await steps.getByLabel("What", { exact: true }).fill(`${who} step ${n + 1}`);
    await steps.getByLabel("By when").fill(due);
    await count.enter(steps.getByLabel("By when"));
    await expect(chair.locator(".cr-next-steps__step")).toHaveCount(n + 2);
    await expect(steps.getByLabel("What", { exact: true })).toHaveValue("");
  }
  await expect(chair.locator(".cr-next-steps__step").nth(2)).toContainText("Nadia Quoin");
  await expect(chair.getByText("“step 3” is due on a day off")).toContainText("Saturday 12 December 2026 is a weekend");
  await steps.getByLabel("What", { exact: true }).fill("@julian ring the school");
  // A mistake is not counted.
  await steps.getByLabel("What", { exact: true }).press("Enter");
  await expect(chair.getByText(/"@julian" may be Julian/)).toBeVisible();
  await expect(steps.getByLabel("What", { exact: true })).toHaveValue("@julian ring the school");
  await steps.getByLabel("What", { exact: true }).fill("");
  await chair.getByLabel("If", { exact: true }).fill("he comes to the house");
  await chair.getByLabel("Then who does what").fill("grandmother rings the police, Julian Yardarm the duty team");
  await count.enter(chair.getByLabel("Then who does what"));
  await expect(scene(worker)).toContainText("If he comes to the house");
  const talk = scene(worker);
  await talk.getByLabel("What to explore together, in one line").fill("@ottilie what a calm morning would be like");
  await theirs.enter(talk.getByLabel("What to explore together, in one line"));
  await expect(scene(chair)).toContainText("Julian Yardarm with Ottilie: what a calm morning would be like");
  await turnTo(chair, "Read back", count.click);
  const back = scene(chair);
  await expect(back).toContainText("Two calls from the school");
  await expect(chair.locator(".cr-read-back")).toContainText("Wait a month: nothing would change for the children.");
  await accessible(chair, "read back");
  await expect(back).toContainText("· decided");
  await count.click(chair.getByRole("button", { name: "Finish this family" }));
  await expect(chair.locator(".cr-agenda-line")).toContainText("finished");
  expect(count.total(), "the chair's actions beyond typing").toBeLessThanOrEqual(26);
  expect(theirs.total(), "a worker's actions beyond typing").toBeLessThanOrEqual(4);
  console.log(`   full template: chair ${count.total()}, worker ${theirs.total()} actions beyond typing`);

  // It is all in the record, and no number.
  await chair.goto(`${server.url}/records`);
  await chair.getByRole("link", { name: "Ottilie" }).click();
  const record = chair.locator("main");
  for (const kept of ["Up at six", "Wait a month", "If he comes to the house: grandmother rings", "Mornings look different", "what a calm morning would be like", "Tuesday 22 December 2026"]) await expect(record).toContainText(kept);
  await expect(record).not.toContainText("Furthest apart");
});

for (const [title, headings] of Object.entries({
  Light: ["Everyone's view", "What it means", "Decide"],
  Full: ["Review last month's steps", "Each child's life now", "Everyone's view", "Scores", "What we think it means", "Decide", "Who does what", "Read back"],
  "Signs of Safety headings": ["What is life like", "What are we worried about", "Where are we on the scale", "What needs to happen", "Decide and agree next steps", "Read back"],
})) {
  test(`nobody scrolls in search of the next thing: ${title}`, async ({ server, person }) => {
    const chair = await person(PEOPLE.chair, { viewport: { width: 1366, height: 768 } });
    const phone = await person(WORKER, { viewport: { width: 390, height: 844 } });
    const meeting = await planWith(chair, server, ["FS-3046"], title);
    await phone.goto(meeting);
    await Promise.all([live(chair), live(phone)]);
    await chair.getByRole("button", { name: "Open meeting" }).click();
    await chair.getByRole("button", { name: "Start this family", exact: true }).click();
    for (const heading of headings) {
      await turnTo(chair, heading);
      await accessible(chair, `${title}: ${heading}`);
      // Whoever follows is there too.
      await expect(phone.locator("#heading")).toContainText(heading);
      await expect(phone.locator("#heading")).toBeInViewport();
    }
    await look(phone, headings.find((heading) => heading.startsWith("Everyone's view") || heading.startsWith("What are we")));
    await analysisOf(phone).fill("I think: she carries too much.");
    await look(chair, headings.find((heading) => heading.startsWith("Everyone's view") || heading.startsWith("What are we")));
    await expect(boxOf(chair, "Julian Yardarm")).toContainText("she carries too much");
    await look(chair, "Decide");
    const decision = chair.locator(".cr-decision").first();
    await look(chair, "Decide");
    await decision.getByLabel("What is decided").selectOption({ index: 1 });
    await decision.getByLabel("Why", { exact: true }).fill("School is steady.");
    await decision.getByRole("button", { name: "Propose this decision" }).click();
    await chair.getByRole("button", { name: /^Confirm / }).click();
    await finish(chair);
    await expect(chair.locator(".cr-agenda-line")).toContainText("finished");
    await chair.goto(`${meeting}/minutes`);
    await expect(chair.locator(".cr-minutes")).toContainText("School is steady.");
    await accessible(phone, `${title}, finished, on a phone`);
  });
}

test("a late agenda is a new plan: one later, one not today, and who waits is said", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  await plan(chair, server, ["FS-3046", "FS-3004", "FS-3007"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("tab", { name: "Agenda" }).click();
  const rest = chair.locator(".cr-rest");
  await expect(rest).toContainText("Julian Yardarm");
  await rest.getByRole("link", { name: /^Make room.*FS-3046/ }).click();
  await rest.getByRole("button", { name: /Move one later.*FS-3046/ }).click();
  await expect(chair.locator(".cr-agenda-line li").first()).not.toContainText("FS-3046");
  await rest.getByRole("link", { name: /^Make room.*FS-3007/ }).click();
  await rest.getByRole("button", { name: /Postpone.*FS-3007/ }).click();
  await expect(rest).not.toContainText("FS-3007");
  await accessible(chair, "the rest of the agenda");
});

test("the full template with scripts off, on a small screen and with large text", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair, { javaScriptEnabled: false, viewport: { width: 320, height: 800 }, expectErrors: ["was preloaded"] });
  const meeting = await planWith(chair, server, ["FS-3046"]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  // Each heading by the next one's button, or any of them from the list of all.
  await chair.locator("#next-stage").click();
  await expect(chair.locator(".cr-scene__heading")).toContainText("Review last month's steps");
  await look(chair, "Scores");
  await chair.getByRole("button", { name: "Bring the room here" }).click();
  await chair.locator(".cr-scale").first().getByRole("radio", { name: "6", exact: true }).click();
  await chair.locator("form", { has: chair.locator(".cr-scale") }).first().getByRole("button", { name: "Keep my answer" }).click();
  await expect(chair.getByText("You gave 6.")).toBeVisible();
  await chair.getByRole("button", { name: "Reveal the numbers" }).click();
  await expect(chair.getByText("6: Zara Northlight")).toBeVisible();
  // Without scripts each press loads a page: the next one is that page's.
  await chair.getByRole("button", { name: "Next: Meaning" }).click();
  await chair.getByRole("button", { name: "Next: Decide" }).click();
  await chair.getByLabel("What is decided").selectOption({ label: "Close" });
  await chair.getByLabel("Why", { exact: true }).fill("All is well.");
  await chair.getByRole("button", { name: "Propose this decision" }).click();
  // The button says where it leads, and the page that comes is there.
  await chair.getByRole("button", { name: "Confirm and go to Steps" }).click();
  await expect(chair.locator("#heading")).toContainText("Who does what");
  await expect(chair.locator(".cr-headings__one--now")).toContainText("Steps");
  await chair.locator("#converse-who").selectOption({ label: "Damian Kingcup" });
  await chair.locator("#converse-with").selectOption({ index: 1 });
  await chair.getByLabel("What to explore together, in one line").fill("what helps in the morning");
  await chair.getByRole("button", { name: "Add this conversation" }).click();
  await expect(chair.getByText("what helps in the morning").first()).toBeVisible();
  const large = await person(PEOPLE.chair, { viewport: { width: 683, height: 450 } });
  await large.goto(meeting);
  await live(large);
  for (const page of [large]) {
    await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
    const wide = await page.evaluate(() => document.body.scrollWidth - innerWidth);
    expect(wide, "no sideways scrolling at 200 % text").toBeLessThanOrEqual(0);
    await accessible(page, "the full template with large text");
  }
});
