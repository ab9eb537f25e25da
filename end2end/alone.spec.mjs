// A chair alone on one device, for people in the room and on the phone; with its presses counted.
import { PEOPLE, accessible, analysisOf, begun, expect, finish, live, look, meetingMenu, more, open, openPeople, plan, scene, test, toFamily } from "./caseround.mjs";

/// Presses and choices beyond typing: clicks, Enter, and choosing from a list.
function counter() {
  let actions = 0;
  return {
    click: async (locator) => { actions++; await locator.click(); },
    choose: async (locator, label) => { actions++; await locator.selectOption({ label }); },
    enter: async (locator) => { actions++; await locator.press("Enter"); },
    total: () => actions,
  };
}

test("a chair alone holds one family: 3 children, 6 workers, 5 steps, at most 20 actions", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  // The family has five allocated workers; the sixth is brought in.
  const count = counter();
  await count.click(chair.getByRole("button", { name: "Start this family", exact: true }));
  await count.click(chair.locator(".cr-people > summary"));
  await count.choose(chair.locator("#bring-who"), "Tamsin Practiss, recovery worker");
  await chair.getByLabel("Why, in a line").fill("Saw mum at the clinic");
  await count.enter(chair.getByLabel("Why, in a line"));
  await expect(chair.getByRole("button", { name: "In the room: Tamsin Practiss" })).toBeVisible();
  await count.click(chair.locator(".cr-people").getByRole("button", { name: "Everybody is in the room" }));
  await count.click(chair.getByRole("button", { name: "On the call: Josephine Slipway" }));
  await count.click(chair.getByRole("button", { name: "Apologies: Damian Kingcup" }));
  for (const heading of ["Views", "Meaning", "Decide"]) {
    await count.click(chair.locator("#next-stage"));
    await expect(chair.locator(".cr-headings [aria-current]")).toContainText(heading);
  }
  const decision = chair.locator(".cr-decision").first();
  await count.choose(decision.getByLabel("What is decided"), "Continue with the plan");
  await decision.getByLabel("Why", { exact: true }).fill("The children are safer than a month ago.");
  await count.click(decision.getByRole("button", { name: "Propose this decision" }));
  await count.click(decision.getByRole("button", { name: /^Record that (all|the others) agree$/ }));
  await expect(decision.locator(".cr-stances")).toContainText(/Agree: [^()]*Tamsin Practiss[^()]*\(said when everybody was asked\)/);
  await count.click(chair.getByRole("button", { name: /^Confirm / }));
  const steps = chair.locator(".cr-add-step");
  for (const [n, who] of ["yardarm", "nadia", "jos", "tamsin", "eskdale"].entries()) {
    await steps.getByLabel("What", { exact: true }).fill(`@${who} Step ${n + 1}`);
    await steps.getByLabel("By when").fill("8/12/2026");
    await count.enter(steps.getByLabel("By when"));
    await expect(chair.locator(".cr-next-steps__step")).toHaveCount(n + 1);
    await expect(steps.getByLabel("What", { exact: true })).toHaveValue("");
  }
  await expect(chair.getByText(/missing before you can sign/)).toHaveCount(0);
  await count.click(chair.getByRole("button", { name: "Finish this family" }));
  await expect(chair.locator(".cr-agenda-line")).toContainText("finished");
  expect(count.total(), "actions beyond typing").toBeLessThanOrEqual(20);
  console.log(`   chair: ${count.total()} actions beyond typing`);
});

test("chairing is handed over in the middle, and taken over from a dead laptop", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const deputy = await person("magnus.jetty.7006@example.invalid");
  const meeting = await plan(chair, server, ["FS-3040"]);
  await deputy.goto(meeting);
  await Promise.all([chair, deputy].map(live));
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await meetingMenu(chair);
  await open(chair.getByText("Hand over", { exact: true }).first());
  await chair.getByLabel("Hand chairing to").selectOption({ label: "Magnus Jetty, social worker" });
  await chair.getByRole("button", { name: "Hand over" }).first().click();
  await expect(deputy.getByRole("button", { name: "Start this family", exact: true })).toBeVisible();
  await expect(deputy.locator(".cr-notice")).toContainText("You chair this meeting now.");
  await expect(chair.getByRole("button", { name: "Start this family", exact: true })).toHaveCount(0);
  await deputy.getByRole("button", { name: "Start this family", exact: true }).click();
  // The laptop dies once its press has arrived.
  await expect(deputy.locator("#next-stage")).toBeVisible();
  await deputy.context().close();
  await meetingMenu(chair);
  await open(chair.getByText("Hand over", { exact: true }).first());
  await chair.getByRole("button", { name: "Take over chairing from Magnus Jetty" }).click();
  await expect(chair.locator("#next-stage")).toBeVisible();
  await more(chair, "Postpone this family");
  await expect(chair.locator(".cr-agenda-line")).toContainText("postponed");
  await chair.goto(`${meeting}/minutes`);
  await expect(chair.locator(".cr-minutes")).toContainText("Zara Northlight took over chairing");
  await expect(chair.locator(".cr-minutes")).toContainText("Postponed");
});

test("next month opens with last month's decision and steps", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  await plan(chair, server, ["FS-3040"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await look(chair, "Decide");
  const decision = chair.locator(".cr-decision").first();
  await decision.getByLabel("What is decided").selectOption({ label: "Step up: legal planning meeting" });
  await decision.getByLabel("Why", { exact: true }).fill("Nothing has changed.");
  await decision.getByRole("button", { name: "Propose this decision" }).click();
  await expect(decision.locator(".cr-wording")).toContainText("Recommended to the legal planning meeting");
  await chair.getByRole("button", { name: /^Confirm / }).click();
  const steps = chair.locator(".cr-add-step");
  await steps.getByLabel("What", { exact: true }).fill("Ring the solicitor");
  await steps.getByLabel("What", { exact: true }).press("Enter");
  await expect(chair.locator(".cr-missing")).toContainText("3 things missing");
  await finish(chair);
  await expect(chair.locator(".cr-agenda-line")).toContainText("finished");
  await plan(chair, server, ["FS-3040"]);
  await live(chair);
  const last = scene(chair);
  await expect(last).toContainText("legal planning meeting. Why: Nothing has changed.");
  await expect(last).toContainText("Ring the solicitor");
  // A press by mistake: the step is as it was, here and in the workbook.
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await last.getByRole("button", { name: /^Done/ }).click();
  await expect(last).toContainText("✓ done · Ring the solicitor");
  await chair.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(last).toContainText("○ open · Ring the solicitor");
  await last.getByRole("button", { name: /^Done/ }).click();
  await expect(last).toContainText("✓ done · Ring the solicitor");
  await last.getByRole("link", { name: /^Say otherwise/ }).click();
  await last.getByRole("button", { name: /^Not done/ }).click();
  await expect(last).toContainText("○ not done · Ring the solicitor");
  await chair.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(last).toContainText("✓ done · Ring the solicitor");
});

test("a family finished by mistake is reopened, and finished again with its drafts", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await finish(chair);
  await expect(chair.getByRole("heading", { name: /finished at/ })).toBeVisible();
  // Nothing was decided: the way back comes before the way on.
  const ways = await scene(chair).locator("button, a").allInnerTexts();
  expect(ways.filter((way) => ["Reopen this family", "Close meeting"].includes(way))).toEqual(["Reopen this family", "Close meeting"]);
  await chair.getByRole("button", { name: "Reopen this family" }).click();
  await expect(chair.getByRole("heading", { name: /finished at/ })).toHaveCount(0);
  const records = await chair.context().newPage();
  await records.goto(`${server.url}/records`);
  await expect(records.getByText("Every record is signed.")).toBeVisible();
  await look(chair, "Meaning");
  await scene(chair).getByRole("textbox").first().fill("Said after the family was reopened.");
  await expect(chair.locator(".cr-identity .cr-state")).toHaveText("Saved");
  await finish(chair);
  await expect(chair.getByRole("heading", { name: /finished at/ })).toBeVisible();
  await records.reload();
  await records.locator(".cr-records").getByRole("link", { name: /Ottilie/ }).click();
  await expect(records.locator("main")).toContainText("Said after the family was reopened.");
  // A chair who looks back at a heading reopens it there.
  await look(chair, "Meaning");
  const over = chair.getByRole("group", { name: "Where the room is" });
  await expect(over).toContainText("This family is finished.");
  await accessible(chair, "a heading of a finished family");
  await over.getByRole("button", { name: "Reopen this family" }).click();
  await expect(over).toHaveCount(0);
  await look(chair, "Meaning");
  await expect(scene(chair).getByRole("textbox").first()).toHaveValue("Said after the family was reopened.");
});

test("somebody marked as gone by mistake is there again with one press", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await openPeople(chair);
  const people = chair.locator(".cr-people");
  await people.getByRole("button", { name: "Everybody is in the room" }).click();
  await expect(people.getByRole("button", { name: "In the room: Nadia Quoin" })).toHaveAttribute("aria-pressed", "true");
  // A first mark says nothing; a changed one says so and can be undone.
  await expect(chair.getByText("Attendance changed.")).toHaveCount(0);
  await people.getByRole("button", { name: "Left: Nadia Quoin" }).click();
  await expect(chair.getByText("Attendance changed.", { exact: true })).toBeVisible();
  await chair.getByRole("button", { name: "Undo", exact: true }).click();
  await openPeople(chair);
  await expect(people.getByRole("button", { name: "In the room: Nadia Quoin" })).toHaveAttribute("aria-pressed", "true");
  await expect(chair.getByRole("button", { name: "Undo", exact: true })).toHaveCount(0);
});

test("the chair calls a short break; who writes goes on, and so does the room", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person("julian.yardarm.7002@example.invalid");
  const meeting = await plan(chair, server, ["FS-3046"]);
  const wall = await chair.context().newPage();
  await wall.goto(`${meeting}?view=room`);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await look(worker, "Views");
  await more(chair, "Take a break of 10 minutes");
  for (const page of [chair, worker, wall]) await expect(page.getByText(/Break until 09:3\d/).first()).toBeVisible();
  const clock = await chair.locator(".cr-clock time").getAttribute("datetime");
  await analysisOf(worker).fill("Written in the break.");
  await expect(worker.locator(".cr-identity .cr-state")).toHaveText("Saved");
  await expect(worker.getByRole("button", { name: "Go on" })).toHaveCount(0);
  expect(await chair.locator(".cr-clock time").getAttribute("datetime"), "the clock stands still").toBe(clock);
  await chair.getByRole("button", { name: "Go on" }).click();
  for (const page of [chair, worker, wall]) await expect(page.getByText(/Break until/)).toHaveCount(0);
  await expect(chair.locator(".cr-clock time")).not.toHaveAttribute("datetime", clock);
  // Nobody has to end it: the room goes on by going on.
  await more(chair, "Take a break of 10 minutes");
  await expect(worker.getByText(/Break until/).first()).toBeVisible();
  await chair.locator("#next-stage").click();
  await expect(worker.getByText(/Break until/)).toHaveCount(0);
});

test("a wall display in sight uses its session", async ({ server, person }) => {
  const { meeting } = await begun(server, person);
  const wall = await person(PEOPLE.chair);
  await wall.clock.install();
  await wall.goto(`${meeting}?view=room`);
  await expect(wall.getByText("FS-3046").first()).toBeVisible();
  const told = wall.waitForResponse(/\/api\/meeting\/here/);
  await wall.clock.fastForward("11:00");
  expect((await told).status()).toBe(200);
});

test("the agenda says the time and when each family is likely to begin, as it goes on", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  await chair.clock.install();
  await plan(chair, server, ["FS-3046", "FS-3040"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  const clock = chair.locator(".cr-agenda-line__clock");
  const minutes = async () => (await clock.innerText()).match(/now (\d\d):(\d\d)/).slice(1).reduce((sum, part) => sum * 60 + Number(part), 0);
  await expect(clock).toContainText("now ");
  const before = await minutes();
  await chair.clock.fastForward("50:00");
  await expect(chair.locator(".cr-clock time")).toHaveText(/49|50/);
  await expect.poll(minutes).toBeGreaterThanOrEqual(before + 49);
  // The family takes longer than planned, and the next one's time goes along.
  const next = chair.locator(".cr-agenda-line__place:not(.cr-agenda-line__place--now) .cr-agenda-line__mark");
  await expect(next).toHaveText(/^about /);
  const likely = await next.innerText();
  await chair.clock.fastForward("10:00");
  await expect(next).not.toHaveText(likely);
});

test("whoever looks ahead stays there when their family begins or another one ends", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person("nadia.quoin.7008@example.invalid");
  const meeting = await plan(chair, server, ["FS-3046", "FS-3040"]);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await look(worker, "Views");
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await expect(worker.getByText(/The room is at/)).toBeVisible();
  await expect(worker.locator("#heading")).toHaveText("Everyone's view");
  const other = worker.locator(".cr-agenda-line__place:not(.cr-agenda-line__place--now) a");
  const reference = await other.innerText();
  await other.click();
  await look(worker, "Views");
  await finish(chair);
  await expect(worker.locator(".cr-agenda-line__place", { hasText: "finished" })).toHaveCount(1);
  await expect(worker.locator(".cr-identity strong").first()).toHaveText(reference);
  await expect(worker.locator("#heading")).toHaveText("Everyone's view");
});

test("a family that nobody has begun is put off where one looks at it", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const meeting = await plan(chair, server, ["FS-3046", "FS-3007", "FS-3022"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  const line = chair.locator(".cr-agenda-line");
  await line.getByRole("link", { name: /FS-3022/ }).click();
  await chair.getByRole("button", { name: "Postpone this family", exact: true }).click();
  await expect(line.getByRole("listitem").filter({ hasText: "FS-3022" })).toContainText("postponed");
  await expect(chair.getByText("It was not discussed today, and stays due.")).toBeVisible();
  await expect(chair.getByRole("button", { name: "Start this family" })).toBeVisible();
  // One primary button: the room's next thing is in its own bar.
  await expect(chair.getByRole("button", { name: /^Next: FS/ })).toHaveCount(0);
  // Also where somebody has written about it.
  const worker = await person("julian.yardarm.7002@example.invalid");
  await worker.goto(meeting);
  await live(worker);
  await toFamily(worker, "FS-3046");
  await look(worker, "Views");
  await analysisOf(worker).fill("Noah sleeps.");
  await line.getByRole("link", { name: /FS-3046/ }).click();
  await chair.locator(".cr-begin").getByRole("button", { name: "Postpone this family", exact: true }).click();
  await expect(line.getByRole("listitem").filter({ hasText: "FS-3046" })).toContainText("postponed");
});
