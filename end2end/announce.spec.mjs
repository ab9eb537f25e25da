// What a screen reader hears: each event of the room in one sentence, and "Saved" once after a quiet moment.
import { PEOPLE, analysisOf, announced, expect, finish, live, look, meetingMenu, more, open, plan, planWith, test, turnTo } from "./caseround.mjs";

const SPECIALIST = "julian.yardarm.7002@example.invalid";

/// Listens from now on.
const listen = (page) => page.evaluate(() => { window.announced.length = 0; });

for (const ariaNotify of [true, false]) {
  test(`a typed sentence is announced at most once, and what the chair does in one sentence each${ariaNotify ? "" : ", by a region"}`, async ({ server, person }) => {
    const chair = await person(PEOPLE.chair, { ariaNotify });
    const meeting = await plan(chair, server, ["FS-3046"]);
    const worker = await person(SPECIALIST, { ariaNotify });
    await worker.goto(meeting);
    await Promise.all([chair, worker].map(live));
    await chair.getByRole("button", { name: "Open meeting" }).click();
    await chair.getByRole("button", { name: "Start this family", exact: true }).click();
    await look(worker, "Views");
    await expect(analysisOf(worker)).toBeVisible();
    await worker.waitForTimeout(1500);
    await listen(worker);
    await analysisOf(worker).pressSequentially("Both children were at breakfast, calm and warmly dressed. ", { delay: 40 });
    await worker.waitForTimeout(5000);
    expect(await announced(worker)).toEqual(["Saved."]);

    await listen(chair);
    await look(chair, "Decide");
    const decision = chair.locator(".cr-decision").first();
    await decision.getByLabel("What is decided").selectOption({ label: "Continue with the plan" });
    await decision.getByLabel("Why", { exact: true }).fill("Calmer.");
    await decision.getByRole("button", { name: "Propose this decision" }).click();
    await expect.poll(() => announced(worker)).toContain("A decision is proposed.");
    await expect.poll(() => announced(chair)).toContain("A decision is proposed.");
    await chair.getByRole("button", { name: /^Confirm / }).click();
    await expect.poll(() => announced(worker)).toContain("The decision is confirmed.");
    await finish(chair);
    await expect.poll(async () => (await announced(worker)).join(" ")).toContain("The family is finished.");
  });
}

test("every event of the room is said in one sentence, once", async ({ server, person }) => {
  test.setTimeout(180_000);
  const chair = await person(PEOPLE.chair);
  const worker = await person(SPECIALIST, { expectErrors: ["ERR_INTERNET_DISCONNECTED"] });
  const meeting = await planWith(chair, server, ["FS-3046"]);
  await worker.goto(meeting);
  await Promise.all([chair, worker].map(live));
  await chair.getByRole("button", { name: "Open meeting" }).click();
  /// What `page` hears while something happens: one sentence, and no more than once.
  const hears = async (page, sentence, happen) => {
    await page.waitForTimeout(1200);
    await listen(page);
    await happen();
    const times = async () => (await announced(page)).join(" ").split(sentence).length - 1;
    await expect.poll(times, sentence).toBe(1);
    await page.waitForTimeout(1200);
    expect(await times(), sentence).toBe(1);
  };
  await hears(worker, "Now discussing family FS-3046.", () => chair.getByRole("button", { name: "Start this family", exact: true }).click());
  await chair.getByRole("button", { name: "Everybody is in the room" }).first().click();
  await hears(worker, "The room is at: Review last month's steps.", () => chair.locator("#next-stage").click());
  await hears(worker, "Break until ", () => more(chair, "Take a break of 10 minutes"));
  await hears(worker, "The break is over.", () => chair.getByRole("button", { name: "Go on", exact: true }).click());
  await look(worker, "Views");
  await analysisOf(worker).fill("Nights are hard.");
  await worker.getByRole("button", { name: "Hide until the chair reveals it" }).click();
  await turnTo(chair, "Everyone's view");
  await hears(chair, "What was hidden is shown.", () => chair.getByRole("button", { name: /^Reveal what is hidden/ }).click());
  await turnTo(chair, "Scores");
  await chair.locator(".cr-number", { hasText: "4" }).first().click();
  await hears(worker, "The numbers are shown.", () => chair.getByRole("button", { name: "Reveal the numbers" }).click());
  await turnTo(chair, "Decide");
  const decision = chair.locator(".cr-decision").first();
  await decision.getByLabel("What is decided").selectOption({ label: "Continue with the plan" });
  await decision.getByLabel("Why", { exact: true }).fill("Calmer.");
  const propose = decision.getByRole("button", { name: "Propose this decision" });
  await hears(worker, "A decision is proposed.", () => propose.click());
  await worker.getByRole("button", { name: "Agree", exact: true }).click();
  await decision.getByText("Change the wording (asks everyone again)").click();
  await decision.getByLabel("Why", { exact: true }).fill("Calmer, and school says so too.");
  await hears(worker, "A decision is reworded. You are asked again.", () => propose.click());
  await hears(worker, "The decision is confirmed.", () => chair.getByRole("button", { name: "Confirm the decision" }).or(chair.getByRole("button", { name: /^Confirm and go/ })).click());
  await meetingMenu(chair);
  await open(chair.getByText("Hand over", { exact: true }).first());
  await chair.getByLabel("Hand record-taking to").selectOption({ label: "Julian Yardarm, social worker" });
  await hears(worker, "You take the record now.", () => chair.getByRole("button", { name: "Hand over" }).last().click());
  await meetingMenu(chair);
  await open(chair.getByText("Hand over", { exact: true }).first());
  await chair.getByLabel("Hand record-taking to").selectOption({ label: "the chair" });
  await hears(worker, "You do not take the record any more.", () => chair.getByRole("button", { name: "Hand over" }).last().click());
  await hears(worker, "Connection lost. What you type is kept.", () => worker.context().setOffline(true));
  await hears(worker, "Connection is back.", () => worker.context().setOffline(false));
  await hears(worker, "The family is finished.", () => finish(chair));
  await hears(worker, "The family is reopened.", () => chair.getByRole("button", { name: "Reopen" }).click());
  await hears(worker, "The family is postponed.", () => more(chair, "Postpone this family"));
});
