// The full template with its presses counted, numbers sealed from a curious participant, a dissent taken
// further, urgent risk with the line cut, families moved, and all of it without scripts and on a small screen.
import { PEOPLE, accessible, act, analysisOf, announced, begun, boxOf, closeMeeting, expect, finish, live, look, meetingMenu, open, openPeople, plan, planWith, scene, signRecords, test, toFamily, turnTo } from "./caseround.mjs";

const WORKER = "julian.yardarm.7002@example.invalid";
const SPECIALIST = "nadia.quoin.7008@example.invalid";
const ESKDALE = "julian.eskdale.demo.7007@example.invalid";
const SERVICE_MANAGER = "fergus.limekiln.7037@example.invalid";

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

test("a curious participant gets no byte of another's number before the chair reveals", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER);
  const curious = await person(SPECIALIST);
  const bodies = [];
  curious.on("response", async (response) => bodies.push(await response.text().catch(() => "")));
  await curious.addInitScript(() => {
    window.heard = [];
    const Source = window.EventSource;
    window.EventSource = class extends Source {
      constructor(...args) {
        super(...args);
        this.addEventListener("message", (event) => window.heard.push(event.data));
      }
    };
  });
  const meeting = await planWith(chair, server, ["FS-3046"]);
  await curious.goto(meeting);
  await live(curious);
  await worker.goto(meeting);
  await live(worker);
  // Given before the meeting is open.
  for (const page of [worker, curious]) await look(page, "Scores");
  await worker.locator(".cr-scale").first().getByLabel("One line why").fill("canary of the mine");
  await worker.locator(".cr-scale").first().getByRole("radio", { name: "3", exact: true }).click();
  await expect(worker.getByText("You gave 3.")).toBeVisible();
  await chair.goto(meeting);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await look(curious, "Scores");
  await expect(curious.getByText(/, 1 some of them/)).toBeVisible();
  await curious.reload();
  await live(curious);
  await look(curious, "Scores");
  const got = async () => {
    const all = [...bodies, ...(await curious.evaluate(() => window.heard)), await curious.content()].join("\n");
    return [all, ...[...all.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)].map(([text]) => Buffer.from(text, "base64").toString("latin1"))].join("\n");
  };
  expect(await got()).not.toContain("canary");
  await look(chair, "Scores");
  await chair.getByRole("button", { name: "Reveal the numbers" }).click();
  await expect(curious.getByText("canary of the mine")).toBeVisible();
});

test("what somebody fills in goes with them when a part is shown anew", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER);
  const meeting = await planWith(chair, server, ["FS-3046"]);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await expect(worker.locator(".cr-scene__heading")).toBeVisible();
  for (const page of [worker, chair]) await look(page, "Steps");
  // A line half written and a choice made, while others act.
  const explore = worker.getByLabel("What to explore together, in one line");
  await worker.locator("#converse-who").selectOption({ label: "Damian Kingcup" });
  await worker.locator("#converse-with").selectOption({ index: 1 });
  await explore.pressSequentially("what a calm");
  await chair.getByLabel("What to explore together, in one line").fill("school mornings");
  await chair.locator("#converse-who").selectOption({ label: "Nadia Quoin" });
  await chair.locator("#converse-with").selectOption({ index: 1 });
  await chair.getByRole("button", { name: "Add this conversation" }).click();
  await expect(worker.getByText("school mornings").first()).toBeVisible();
  await explore.pressSequentially(" morning is like");
  await expect(explore).toHaveValue("what a calm morning is like");
  await expect(worker.locator("#converse-who").locator("option:checked")).toHaveText("Damian Kingcup");
  // A reason written and no number given: it is not lost when the chair reveals.
  for (const page of [worker, chair]) await look(page, "Scores");
  await worker.locator(".cr-scale").first().getByLabel("One line why").fill("half a thought");
  await chair.locator(".cr-scale").first().getByRole("radio", { name: "5", exact: true }).click();
  await chair.getByRole("button", { name: "Reveal the numbers" }).click();
  await expect(worker.getByText("You had written: half a thought")).toBeVisible();
  await expect(worker.getByText("5: Zara Northlight")).toBeVisible();
  await chair.getByLabel(/What the numbers told us/).fill("We are not sure.");
  await chair.getByRole("button", { name: "Keep these words" }).click();
  await expect(chair.getByLabel(/What the numbers told us/)).toHaveValue("We are not sure.");
  // What is refused stays, also when another form is refused after it, and what was typed is there when one comes back.
  await look(worker, "Steps");
  await expect(explore).toHaveValue("what a calm morning is like");
  await explore.fill("x".repeat(510));
  await worker.getByRole("button", { name: "Add this conversation" }).click();
  await expect(worker.getByText(/510 characters; 500 fit/)).toBeVisible();
  await worker.locator(".cr-raise > summary").click();
  await worker.getByRole("button", { name: "Tell the chair" }).click();
  await expect(worker.getByText("Say in one line what the danger is")).toBeVisible();
  await chair.locator(".cr-raise > summary").click();
  await chair.getByLabel(/What is urgent/).fill("He is near");
  await chair.getByRole("button", { name: "Tell the chair" }).click();
  await expect(worker.getByText("He is near").first()).toBeVisible();
  await expect(worker.getByText("You had written: half a thought")).toBeVisible();
  await expect(explore).toHaveValue("x".repeat(510));
});

test("urgent risk says first what it does not do, tells the chair, and says loudly when it is not sent", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER, { expectErrors: ["ERR_", "Failed to"] });
  const meeting = await plan(chair, server, ["FS-3046"]);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await worker.locator(".cr-raise > summary").click();
  await expect(worker.locator(".cr-raise")).toContainText("This does not tell the police or the duty team");
  await expect(worker.getByText("NOT sent: there is no connection")).toBeHidden();
  await worker.context().setOffline(true);
  await expect(worker.getByText("NOT sent: there is no connection")).toBeVisible();
  await worker.context().setOffline(false);
  await expect(worker.getByText("NOT sent: there is no connection")).toBeHidden();
  // The browser thinks it is online, and nothing arrives: it says so, keeps the words, and sends nothing by itself.
  await worker.route("**/api/meeting/act", (route) => route.abort());
  await worker.getByLabel(/What is urgent/).fill("He is at the door");
  await worker.getByRole("button", { name: "Tell the chair" }).click();
  await expect(worker.getByText("NOT sent. Ring now.")).toBeVisible();
  await expect(worker.getByLabel(/What is urgent/)).toHaveValue("He is at the door");
  await worker.unroute("**/api/meeting/act");
  await worker.getByRole("button", { name: "Tell the chair" }).click();
  const told = chair.getByRole("alert").filter({ hasText: "He is at the door" });
  await expect(told).toBeVisible();
  await accessible(chair, "an urgent risk");
  await expect(worker.getByText("The chair has not answered yet")).toBeVisible();
  await chair.getByRole("button", { name: "I have heard this and will act on it" }).click();
  await expect(worker.getByText(/heard by Zara Northlight/)).toBeVisible();
});

test("an urgent risk stays in sight wherever the room is, until somebody says that they heard it", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER);
  const meeting = await plan(chair, server, ["FS-3046", "FS-3040"]);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).first().click();
  const room = await chair.locator(".cr-identity__family > strong").innerText();
  const other = room === "FS-3046" ? "FS-3040" : "FS-3046";
  await chair.locator(".cr-raise > summary").click();
  await chair.getByLabel(/What is urgent/).fill("He has a knife");
  await chair.getByRole("button", { name: "Tell the chair" }).click();
  const risk = chair.getByRole("alert").filter({ hasText: "He has a knife" });
  await expect(risk).not.toContainText(room);
  // The room goes on with it unheard.
  await chair.locator(".cr-agenda-line a", { hasText: other }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await expect(chair.locator("#next-stage")).toBeVisible();
  await expect(risk).toContainText(`${room}, `);
  await chair.reload();
  await live(chair);
  await expect(risk).toContainText(`${room}, `);
  await meetingMenu(chair);
  await chair.locator(".cr-more--menu").getByRole("link", { name: "Close meeting" }).click();
  await expect(chair.getByRole("group", { name: "Urgent risks" })).toContainText("He has a knife");
  await chair.getByRole("link", { name: "Do not close yet" }).click();
  await live(chair);
  await risk.getByRole("button", { name: "I have heard this and will act on it" }).click();
  await expect(chair.getByText("He has a knife")).toHaveCount(0);
  await chair.locator(".cr-agenda-line a", { hasText: room }).click();
  await expect(chair.getByText(/He has a knife · heard by/)).toBeVisible();
  // Whoever comes late is told that it is now.
  await worker.goto(`${server.url}/meetings`);
  await expect(worker.getByText(/^You are needed .*for FS-30\d\d now/)).toBeVisible();
});

test("record-taking is handed over to the one who was chosen, and whoever runs the meeting can be given a step by name", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const meeting = await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  const list = chair.getByLabel("Hand record-taking to");
  for (const name of ["Magnus Jetty", "Damian Anvil"]) {
    await meetingMenu(chair);
    await open(chair.locator("summary", { hasText: "Hand over" }));
    await list.selectOption(await list.locator("option", { hasText: name }).getAttribute("value"));
    await chair.locator("form", { has: list }).getByRole("button", { name: "Hand over" }).click();
    await expect(chair.getByRole("group", { name: "What was done" })).toContainText("Record-taking is handed over.");
    await expect(list).toHaveValue("");
    await chair.keyboard.press("Escape");
  }
  await turnTo(chair, "Decide");
  const steps = chair.locator(".cr-add-step");
  for (const name of ["zara", "anvil"]) {
    await steps.getByLabel("What", { exact: true }).fill(`@${name} ring the school`);
    await steps.getByLabel("What", { exact: true }).press("Enter");
    await expect(chair.locator(".cr-next-steps__step").last()).toContainText(new RegExp(`ring the school · .*${name}`, "i"));
  }
  // Who handed it over is not who had it.
  await finish(chair);
  await chair.goto(`${meeting}/minutes`);
  await expect(chair.locator(".cr-minutes")).toContainText("record-taking went from Magnus Jetty to Damian Anvil");
  await expect(chair.locator(".cr-minutes")).not.toContainText("Magnus Jetty handed");
});

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

test("a dissent is taken further and answered; a deputy chaired, and the accountable manager confirms", async ({ server, person }) => {
  test.setTimeout(120_000);
  const chair = await person(PEOPLE.chair);
  const deputy = await person("magnus.jetty.7006@example.invalid");
  const worker = await person(WORKER);
  const meeting = await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await meetingMenu(chair);
  await open(chair.getByText("Hand over", { exact: true }).first());
  await chair.getByLabel("Hand chairing to").selectOption({ label: "Magnus Jetty, social worker" });
  await chair.getByRole("button", { name: "Hand over" }).first().click();
  await meetingMenu(chair);
  await expect(chair.locator(".cr-more__line").first()).toContainText("Magnus Jetty");
  await Promise.all([deputy, worker].map((page) => page.goto(meeting)));
  await Promise.all([deputy, worker].map(live));
  await deputy.getByRole("button", { name: "Open meeting" }).click();
  await deputy.getByRole("button", { name: "Start this family", exact: true }).click();
  await deputy.getByRole("button", { name: "Everybody is in the room" }).click();
  await look(deputy, "Decide");
  const decision = deputy.locator(".cr-decision").first();
  await decision.getByLabel("What is decided").selectOption({ label: "Close" });
  await decision.getByLabel("Why", { exact: true }).fill("All is well.");
  await decision.getByRole("button", { name: "Propose this decision" }).click();
  await look(worker, "Decide");
  await worker.getByLabel(/Your reason/).first().fill("Nobody has seen the children alone.");
  await worker.getByRole("button", { name: /^Disagree/ }).first().click();
  await expect(decision.locator(".cr-stances")).toContainText("Disagree");
  await deputy.waitForTimeout(3200);
  await deputy.getByRole("button", { name: /^Confirm / }).click();
  await finish(deputy);
  await expect(deputy.locator(".cr-agenda-line")).toContainText("finished");
  await chair.goto(`${server.url}/records`);
  await chair.locator(".cr-records a").first().click();
  const record = chair.url();
  await signRecords(chair);
  await worker.goto(record);
  await worker.getByRole("button", { name: "Take my disagreement to the service manager" }).click();
  await expect(worker.locator("#dissents")).toContainText("To be answered by 1 December 2026");
  const manager = await person(SERVICE_MANAGER);
  await manager.goto(`${server.url}/records`);
  await expect(manager.getByRole("heading", { name: "Disagreements to answer" })).toBeVisible();
  await manager.goto(record);
  await manager.getByLabel("What was answered, and why").fill("The children are seen alone this week, then we look again.");
  await manager.getByRole("button", { name: "Record this answer" }).click();
  await expect(manager.locator("#dissents")).toContainText("seen alone this week");
  await accessible(manager, "a dissent answered");
  await worker.reload();
  await expect(worker.getByRole("button", { name: "Take my disagreement to the head of service, in writing" })).toBeVisible();
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

test("the team's month, one anonymous question, and the field's words", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await finish(chair);
  await closeMeeting(chair);
  await chair.goto(`${server.url}/meetings`);
  await expect(chair.getByRole("heading", { name: /^The month of/ })).toBeVisible();
  await accessible(chair, "the team's month");
  await chair.getByRole("button", { name: "For some families" }).click();
  await expect(chair.getByText("Counted, without your name.")).toBeVisible();
  await expect(chair.getByText("Did we reach the right decisions this month?")).toHaveCount(0);
  await chair.getByRole("link", { name: "What the words mean" }).click();
  await expect(chair.getByRole("heading", { name: "Words", level: 1 })).toBeVisible();
  await accessible(chair, "the field's words");
});

test("somebody who is away: planning says so, their words stand in their box, and the wall reads back", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const away = await person(SPECIALIST);
  await away.goto(`${server.url}/me`);
  await away.getByLabel("First day").fill("24/11/2026");
  await away.getByLabel("Last day").fill("27/11/2026");
  await away.getByRole("button", { name: "Save days away" }).click();
  await expect(away.getByText("Your days away are saved.")).toBeVisible();
  await accessible(away, "one's own details");
  await away.goto(`${server.url}/families`);
  await away.getByRole("link", { name: "FS-3046" }).click();
  await away.getByRole("button", { name: "Write my summary" }).click();
  await away.getByLabel(/What is going well/).fill("Told: mum feels heard.\n\nI think: evenings are the hard part.");
  await away.getByRole("button", { name: "Save my summary" }).click();

  await chair.goto(`${server.url}/meetings/new`);
  await chair.locator(".cr-plan__family", { hasText: "FS-3046" }).getByRole("checkbox").check();
  await chair.getByRole("button", { name: /^Check/ }).click();
  await expect(chair.getByText(/Nadia Quoin is away until 27 November 2026 and is needed/)).toBeVisible();
  const meeting = await planWith(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await chair.getByRole("button", { name: "Everybody is in the room" }).click();
  await openPeople(chair);
  await chair.getByRole("button", { name: "Sent words: Nadia Quoin" }).click();
  await look(chair, "Views");
  const box = boxOf(chair, "Nadia Quoin");
  await expect(box).toContainText("evenings are the hard part");
  await expect(box).not.toContainText("recorded by");
  // Whoever's turn it is reads it beside their box, and hears it.
  const next = await person(ESKDALE);
  await next.goto(meeting);
  await live(next);
  await chair.getByRole("button", { name: "Bring the room here" }).click();
  await expect.poll(async () => (await announced(next)).join(" ")).toContain("It is your turn.");
  await expect(next.locator(".cr-my-turn")).toBeVisible();
  await accessible(next, "my turn");
  await analysisOf(next).fill("Seen: both of them at breakfast.");
  await expect(next.locator(".cr-my-turn")).toHaveCount(0);

  const wall = await chair.context().newPage();
  await wall.setViewportSize({ width: 1920, height: 1080 });
  await wall.goto(`${meeting}?view=room`);
  await expect(wall.getByText("evenings are the hard part")).toBeVisible();
  await turnTo(chair, "Decide");
  const decision = chair.locator(".cr-decision").first();
  await decision.getByLabel("What is decided").selectOption({ label: "Continue with the plan" });
  await decision.getByLabel("Why", { exact: true }).fill("School is steady.");
  await decision.getByRole("button", { name: "Propose this decision" }).click();
  await turnTo(chair, "Read back");
  await expect(wall.getByText("evenings are the hard part"), "only what is read back").toBeHidden();
  await expect(wall.locator(".cr-wall__read-back")).toContainText("School is steady.");
  const large = await wall.locator(".cr-wall__decided p").first().evaluate((line) => parseFloat(getComputedStyle(line).fontSize));
  expect(large, "large enough to read at six metres").toBeGreaterThanOrEqual(44);
  await accessible(wall, "read back on the wall");
});

test("what is removed by mistake comes back with one press, under its mark", async ({ server, person }) => {
  const { chair } = await begun(server, person, {}, planWith);
  const slot = await chair.locator("input[name='form[slot]']").first().inputValue();
  const taken = async (fields) => expect(await act(chair, { slot, ...fields }), fields.act).toBe("");
  await look(chair, "Steps");
  const worker = await chair.locator("select[name='form[owner]'] option", { hasText: "Julian Yardarm" }).first().getAttribute("value");
  await taken({ act: "add_step", what: "Ring the school", owner: worker, due: "11 Dec", with: "the school nurse", measure: "a call back" });
  await taken({ act: "agree_contingency", child: "", what: "he comes to the house", why: "ring the police" });
  await taken({ act: "agree_conversation", worker, with: "Ottilie", process: "evoke", what: "calm mornings", own_words: "", own_number: "" });
  await taken({ act: "consider_option", child: "", what: "Wait a month" });
  const comesBack = async (words, press) => {
    await expect(scene(chair)).toContainText(words);
    await press();
    await expect(scene(chair)).not.toContainText(words);
    await chair.getByRole("button", { name: "Undo", exact: true }).click();
    await expect(scene(chair)).toContainText(words);
  };
  const remove = (words) => () => scene(chair).getByRole("button", { name: new RegExp(`^Remove.*${words}`) }).click();
  await comesBack("Ring the school · Julian", async () => {
    await scene(chair).getByRole("link", { name: /^Change.*Ring the school$/ }).click();
    await scene(chair).getByRole("button", { name: "Remove this step" }).click();
  });
  await expect(scene(chair)).toContainText("with the school nurse · by 11 December 2026 · we will know by: a call back");
  await comesBack("If he comes to the house", remove("If he comes to the house"));
  await comesBack("calm mornings", remove("calm mornings"));
  await look(chair, "Decide");
  await comesBack("Wait a month", remove("Wait a month"));
  const option = await scene(chair).locator("input[name='form[option]']").inputValue();
  const child = await chair.locator("input[name='form[child]']").first().inputValue();
  await taken({ act: "mark", part: "option", option, readers: "team", "people][0": child });
  await comesBack("Wait a month", remove("Wait a month"));
  await expect(scene(chair).locator("input[name='form[option]']"), "the same option, under its mark").toHaveValue(option);
});

test("what is missing leads to where it is mended", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, {}, planWith);
  const slot = await chair.locator("input[name='form[slot]']").first().inputValue();
  expect(await act(chair, { slot, act: "everybody_here" })).toBe("");
  expect(await act(chair, { slot, act: "add_step", what: "Ring the school", owner: "", due: "11 Dec", with: "", measure: "" })).toBe("");
  await turnTo(chair, "Read back");
  const missing = chair.locator(".cr-missing");
  await expect(missing).toContainText("2 things missing before you can sign");
  await expect(missing).toContainText("A confirmed decision for Ottilie, Juno, Ishaan (you)");
  // Beside "Finish this family" stands the way to the list.
  await chair.locator(".cr-bar").getByRole("link", { name: "2 things missing" }).click();
  await expect(missing.getByRole("heading")).toBeInViewport();
  // Everybody reads it where it is read back; who can mend it has the ways.
  await look(worker, "Read back");
  await expect(worker.locator(".cr-missing")).toContainText("2 things missing before the records can be signed");
  await expect(worker.locator(".cr-missing")).toContainText("A confirmed decision for Ottilie, Juno, Ishaan (Zara Northlight)");
  await expect(worker.locator(".cr-missing").getByRole("link")).toHaveCount(0);
  await missing.getByRole("link", { name: "Go to Steps" }).click();
  await expect(chair.locator("#heading")).toContainText("Who does what");
  const row = chair.locator("[data-row^='step-']");
  await row.getByLabel("Who", { exact: true }).selectOption({ label: "Julian Yardarm" });
  await row.getByRole("button", { name: "Save the change" }).click();
  await expect(scene(chair)).toContainText("Ring the school · Julian Yardarm");
  await look(chair, "Read back");
  await expect(missing).toContainText("1 thing missing before you can sign");
  await missing.getByRole("link", { name: "Go to Decide" }).click();
  await expect(chair.getByLabel("What is decided")).toBeVisible();
});

test("Enter chooses for nobody, nobody's objection is recorded away, and a risk is in sight of whoever is in the middle of the page", async ({ server, person }) => {
  test.setTimeout(120_000);
  const chair = await person(PEOPLE.chair, { viewport: { width: 1366, height: 768 } });
  const worker = await person(WORKER);
  const meeting = await planWith(chair, server, ["FS-3046", "FS-3004"], "Full");
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await toFamily(chair, "FS-3046");
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await chair.getByRole("button", { name: "Everybody is in the room" }).click();
  await turnTo(chair, "Scores");
  const why = worker.locator(".cr-scale").first().getByLabel("One line why");
  await why.fill("she sleeps badly");
  await why.press("Enter");
  await expect(why).toHaveValue("she sleeps badly");
  await expect(worker.getByText("You gave")).toHaveCount(0);

  // The alert is in the bar, whatever one is looking at.
  await worker.locator(".cr-raise > summary").click();
  await worker.getByLabel(/What is urgent/).fill("He is at the gate");
  await worker.getByRole("button", { name: "Tell the chair" }).click();
  const alert = chair.getByRole("alert").filter({ hasText: "He is at the gate" });
  await expect(alert).toBeInViewport();
  await chair.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await expect(alert.getByText("He is at the gate"), "at the end of the page too").toBeInViewport();
  await chair.getByRole("button", { name: "I have heard this and will act on it" }).click();

  await turnTo(chair, "Decide");
  const decision = chair.locator(".cr-decision").first();
  await decision.getByLabel("What is decided").selectOption({ label: "Close" });
  await decision.getByRole("button", { name: "Propose this decision" }).click();
  await look(worker, "Decide");
  const reason = worker.getByLabel(/Your reason/).first();
  await reason.fill("He was outside the school today.");
  await reason.press("Enter");
  await expect(worker.locator(".cr-stances").getByText(/Agree: .*Julian Yardarm|Julian Yardarm: Disagree/)).toHaveCount(0);
  await worker.getByRole("button", { name: /^Disagree/ }).first().click();
  await expect(decision.locator(".cr-stances")).toContainText("Julian Yardarm: Disagree. He was outside");
  await decision.getByText("Record who disagrees").click();
  await decision.getByLabel("Julian Yardarm", { exact: false }).selectOption({ label: "agrees now" });
  await decision.getByRole("button", { name: "Record this" }).click();
  await expect(decision.locator(".cr-stances")).toContainText(/Agree: Julian Yardarm/);
  // Whoever said nothing has said nothing.
  await expect(decision.locator(".cr-stances")).toContainText("Not answered:");
  await look(worker, "Read back");
  await expect(scene(worker)).toContainText("disagree. He was outside the school today; Zara Northlight has recorded since that they agree");
  await chair.getByRole("button", { name: /^Confirm / }).click();
  await look(worker, "Steps");

  // Somebody is in the middle of a line when the chair finishes and goes on to the next family.
  await turnTo(chair, "Who does what");
  await worker.locator("#if-happens").fill("nobody opens the door");
  await look(worker, "Views");
  await analysisOf(worker).click();
  await worker.keyboard.type("One thing more: ");
  // What was typed before the end and came before it is no late word.
  await expect(worker.locator(".cr-box--mine", { hasText: "My analysis" }).locator(".cr-state")).toHaveText("Saved");
  await finish(chair);
  await expect(chair.locator(".cr-agenda-line")).toContainText("finished");
  await chair.getByRole("button", { name: "Next: FS-3004" }).click();
  await expect(chair.getByRole("heading", { name: /FS-3004/, level: 1 })).toBeInViewport();
  await worker.keyboard.type("she laughs again.");
  await expect(worker.locator(".cr-late").getByRole("textbox")).toHaveValue("she laughs again.");
  await expect(worker.getByRole("heading", { name: /FS-3046/, level: 1 })).toBeVisible();
  await expect(worker.getByText("You had written: nobody opens the door")).toBeVisible();
  await accessible(worker, "words whose field is gone");
  await chair.goto(`${server.url}/records`);
  await chair.getByRole("link", { name: "Ottilie" }).click();
  await expect(chair.locator("main")).toContainText("before that, in their own words: disagree. He was outside the school today");
  // It was read back in the bar: that heading was used.
  await expect(chair.locator("main")).not.toContainText("Headings not used");
});

