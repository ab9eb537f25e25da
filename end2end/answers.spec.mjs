// An answer and the words beside it: whatever is written last is what the meeting has, however the presses fall.
import { PEOPLE, begun, expect, live, look, open, openPeople, planWith, proposed, scene, test, turnTo } from "./caseround.mjs";

test("why a number was given is kept when it is written after the number", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, {}, planWith);
  await turnTo(chair, "Scores");
  const [first, second] = [worker.locator("form", { has: worker.locator(".cr-scale") }).first(), worker.locator("form", { has: worker.locator(".cr-scale") }).nth(1)];
  // Who writes and then only looks up has left nothing.
  const below = await second.evaluate((form) => form.getBoundingClientRect().top);
  await first.getByRole("radio", { name: "3", exact: true }).click();
  await expect(worker.getByText("You gave 3.")).toBeVisible();
  expect(await second.evaluate((form) => form.getBoundingClientRect().top), "nothing moves under the finger").toBe(below);
  await first.getByLabel("One line why").fill("Two nights on a sofa.");
  await expect(worker.getByText("You gave 3. You wrote: Two nights on a sofa.")).toBeVisible();
  // Emptied, it is taken back.
  await first.getByLabel("One line why").fill("");
  await first.getByLabel("One line why").press("Tab");
  await expect(worker.getByText("You gave 3.", { exact: true })).toBeVisible();
  await first.getByLabel("One line why").fill("Two nights on a sofa.");
  await expect(worker.getByText("You gave 3. You wrote: Two nights on a sofa.")).toBeVisible();
  // Before the number it goes with the number, and only then.
  await second.getByLabel("One line why").fill("Nobody has asked her.");
  await second.getByLabel("One line why").press("Tab");
  await expect(second.getByRole("alert")).toHaveCount(0);
  await second.getByRole("radio", { name: "5", exact: true }).click();
  await expect(worker.getByText("You gave 5. You wrote: Nobody has asked her.")).toBeVisible();
  await chair.getByRole("button", { name: "Reveal the numbers" }).click();
  await expect(scene(chair)).toContainText("Two nights on a sofa.");
  await expect(scene(chair)).toContainText("Nobody has asked her.");
  // A number that was given holds nobody: the page goes on with the room.
  await turnTo(chair, "What we think it means");
  await expect(worker.locator("#heading")).toContainText("What we think it means");
});

test("a reason half written when the chair confirms goes on where it was", async ({ server, person }) => {
  const { chair, worker } = await proposed(server, person);
  await worker.getByRole("button", { name: "Disagree" }).click();
  await worker.getByLabel(/Your reason/).pressSequentially("He is not");
  await chair.getByRole("button", { name: /^Confirm / }).click();
  const follows = worker.getByLabel("Your reason, which was to follow");
  await expect(follows).toHaveValue("He is not");
  await expect(follows).toBeFocused();
  await worker.keyboard.type(" safe yet.");
  await worker.getByRole("button", { name: "Add my reason" }).click();
  await expect(chair.locator(".cr-stances")).toContainText("Julian Yardarm: Disagree. He is not safe yet.");
});

test("a reason is kept as it is written, and its sentence is ended after the confirmation", async ({ server, person }) => {
  const { chair, worker } = await proposed(server, person);
  // Words without an answer to go with wait for it.
  await worker.getByLabel(/Your reason/).fill("Not yet");
  await worker.waitForTimeout(2000);
  await worker.getByRole("button", { name: "Disagree" }).click();
  await expect(chair.locator(".cr-stances")).toContainText("Julian Yardarm: Disagree. Not yet");
  await worker.getByLabel(/Your reason/).press("End");
  await worker.keyboard.type(": he is");
  await expect(chair.locator(".cr-stances")).toContainText("Julian Yardarm: Disagree. Not yet: he is");
  await expect(worker.getByText("You said: disagree, and why.")).toBeVisible();
  await expect(worker.getByLabel(/Your reason/)).toBeFocused();
  await chair.getByRole("button", { name: /^Confirm / }).click();
  const after = worker.getByLabel("Your reason", { exact: true });
  await expect(after).toHaveValue("Not yet: he is");
  await expect(after).toBeFocused();
  await worker.keyboard.type(" not safe.");
  await look(chair, "Decide");
  await expect(chair.locator(".cr-stances")).toContainText("Julian Yardarm: Disagree. Not yet: he is not safe.");
});

test("whoever is asked again sees what they answered to", async ({ server, person }) => {
  const { chair, worker } = await proposed(server, person);
  await worker.getByRole("button", { name: "Agree", exact: true }).click();
  await expect(worker.getByText("You said: agree.")).toBeVisible();
  await chair.getByText("Change the wording (asks everyone again)").click();
  await chair.getByLabel("Why", { exact: true }).fill("All is well for a month.");
  await chair.getByRole("button", { name: "Propose this decision" }).click();
  await expect(worker.getByText("It was reworded since you answered.")).toContainText("You answered to: “Close. Decided here. All is well.”");
});

test("of several decisions one is open, the one a person is in stays, and the next opens by itself", async ({ server, person }) => {
  const { chair, worker } = await proposed(server, person);
  const open = (page) => page.locator("[data-row^='decision-']");
  const row = (page, child) => page.locator(".cr-decision", { has: page.getByRole("heading", { name: new RegExp(`^Decision for .*${child}`) }) });
  await chair.getByText("Decide separately for one child").click();
  await chair.getByRole("button", { name: "A decision of their own for Juno" }).click();
  await expect(row(chair, "Juno")).toContainText("All is well.");
  await expect(open(chair)).toHaveCount(1);
  await expect(row(chair, "Ottilie").getByRole("button", { name: "Record that all agree" })).toBeVisible();
  // Whoever answered goes on in their row; the others say what they ask.
  await row(worker, "Ottilie").getByRole("button", { name: "Disagree" }).click();
  await expect(worker.getByText("You said: disagree.")).toBeVisible();
  await expect(open(worker)).toHaveCount(1);
  await row(worker, "Juno").getByRole("link", { name: "Say where you stand" }).click();
  await expect(open(worker)).toHaveCount(1);
  await expect(row(worker, "Juno").getByRole("button", { name: "Agree", exact: true })).toBeFocused();
  await row(worker, "Juno").getByRole("button", { name: "Agree", exact: true }).click();
  await expect(row(worker, "Ottilie").getByRole("link", { name: "Add my reason" })).toBeVisible();
  await row(worker, "Ottilie").getByRole("link", { name: "Add my reason" }).click();
  await row(worker, "Ottilie").getByLabel(/Your reason/).pressSequentially("Not yet: he is");
  // Confirmed, a decision closes for whoever is elsewhere, and stays for whoever writes in it.
  await expect(chair.getByRole("button", { name: /^Confirm / })).toHaveAccessibleDescription(/^For Ottilie.*: Close\./);
  await chair.getByRole("button", { name: /^Confirm / }).click();
  await expect(row(chair, "Juno").locator("[data-row]")).toBeVisible();
  await expect(open(chair)).toHaveCount(1);
  await expect(worker.getByLabel(/^Your reason/)).toBeFocused();
  await expect(worker.getByLabel(/^Your reason/)).toHaveValue("Not yet: he is");
  // Loaded anew, whoever objected still has the way to their reason.
  await worker.reload();
  await look(worker, "Decide");
  await row(worker, "Ottilie").getByRole("link", { name: "Add my reason" }).click();
  await expect(worker.getByLabel(/^Your reason/)).toHaveValue("Not yet: he is");
});

test("a decision that is split off closes nothing that somebody writes in, and what is only read takes the focus", async ({ server, person }) => {
  const { chair, worker } = await proposed(server, person);
  await worker.getByRole("button", { name: "Disagree" }).click();
  const reason = worker.getByLabel(/^Your reason/);
  await reason.pressSequentially("Nobody has ");
  await chair.getByText("Decide separately for one child").click();
  await chair.getByRole("button", { name: "A decision of their own for Juno" }).click();
  await expect(worker.getByRole("link", { name: /^Say where you stand/ })).toBeVisible();
  await expect(reason).toBeFocused();
  await worker.keyboard.type("seen her alone.");
  await expect(reason).toHaveValue("Nobody has seen her alone.");
  await expect(chair.locator(".cr-stances").first()).toContainText("Nobody has seen her alone.");
  // Both are confirmed: what is left to read has the focus.
  await chair.getByRole("button", { name: /^Confirm / }).click();
  await expect(chair.locator(".cr-decision__state", { hasText: "· decided" })).toHaveCount(1);
  await chair.getByRole("button", { name: /^Confirm / }).click();
  await look(chair, "Decide");
  await chair.getByRole("link", { name: /^Who said what.*Ottilie/ }).focus();
  await chair.keyboard.press("Enter");
  await expect(chair.locator("[data-row^='decision-']")).toBeFocused();
});

test("a reason is there when one comes back to it, and goes with no agreement", async ({ server, person }) => {
  const { chair, worker } = await proposed(server, person);
  const reason = worker.getByLabel(/Your reason/);
  await worker.getByRole("button", { name: "Disagree" }).click();
  await reason.fill("Too early, by a month.");
  await worker.getByRole("button", { name: "Add my reason" }).click();
  await expect(chair.locator(".cr-stances")).toContainText("Julian Yardarm: Disagree. Too early, by a month.");
  await look(worker, "Views");
  await look(worker, "Decide");
  await expect(reason).toHaveValue("Too early, by a month.");
  await worker.getByRole("button", { name: "Agree with reservations" }).click();
  await expect(chair.locator(".cr-stances")).toContainText("Julian Yardarm: Agree with reservations. Too early, by a month.");
  // Why one objected is not why one agrees.
  await worker.getByRole("button", { name: "Agree", exact: true }).click();
  await expect(chair.locator(".cr-stances")).toContainText("Agree: Julian Yardarm");
  await expect(reason).toHaveValue("");
  // What is written for the agreement stays with it.
  await reason.fill("Nain is there now.");
  await worker.getByRole("button", { name: "Agree", exact: true }).click();
  await expect(chair.locator(".cr-stances")).toContainText("Julian Yardarm: Agree. Nain is there now.");
  await worker.reload();
  await expect(reason).toHaveValue("Nain is there now.");
  // Nor is why one objected to an earlier wording a reason for what one says to this one.
  await reason.fill("Nobody asked Nain.");
  await worker.getByRole("button", { name: "Disagree" }).click();
  await expect(chair.locator(".cr-stances")).toContainText("Julian Yardarm: Disagree. Nobody asked Nain.");
  const decision = chair.locator(".cr-decision").first();
  await decision.getByText("Change the wording (asks everyone again)").click();
  await decision.getByLabel("Why", { exact: true }).fill("Nain was asked.");
  await decision.getByRole("button", { name: "Propose this decision" }).click();
  await expect(worker.getByText("It was reworded since you answered.")).toBeVisible();
  await expect(reason).toHaveValue("");
  await worker.getByRole("button", { name: "Agree", exact: true }).click();
  await expect(chair.locator(".cr-stances")).toContainText("Agree: Julian Yardarm");
  await expect(chair.locator(".cr-stances")).not.toContainText("Nobody asked Nain");
});

test("a box's menu opens within the page", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person);
  for (const [page, heading] of [[worker, "Meaning"], [chair, "Meaning"]]) {
    await look(page, heading);
    if (page === worker) await scene(worker).getByRole("textbox").first().fill("She is safer.");
    const menu = page.locator(".cr-box__more").first();
    await open(menu.locator("> summary"));
    const { left, right } = await menu.locator(".cr-more__content").evaluate((content) => content.getBoundingClientRect().toJSON());
    const width = await page.evaluate(() => document.documentElement.clientWidth);
    expect({ heading, within: left >= 0 && right <= width }).toEqual({ heading, within: true });
  }
});

test("who agreed to an earlier wording is read back as that", async ({ server, person }) => {
  const { chair, worker, meeting } = await begun(server, person);
  await chair.getByRole("button", { name: "Everybody is in the room" }).first().click();
  await turnTo(chair, "Decide");
  const decision = chair.locator(".cr-decision").first();
  await decision.getByLabel("What is decided").selectOption({ label: "Close" });
  await decision.getByLabel("Why", { exact: true }).fill("All is well.");
  await decision.getByRole("button", { name: "Propose this decision" }).click();
  await worker.getByRole("button", { name: "Agree", exact: true }).first().click();
  await expect(decision.locator(".cr-stances")).toContainText("Agree: Julian Yardarm");
  await open(decision.getByText("Change the wording (asks everyone again)"));
  await decision.getByLabel("Why", { exact: true }).fill("School is steady.");
  await decision.getByRole("button", { name: "Propose this decision" }).click();
  const wall = await chair.context().newPage();
  await wall.goto(`${meeting}?view=room`);
  const readBack = wall.locator(".cr-wall__decided");
  await expect(readBack).toContainText("School is steady.");
  await expect(readBack).toContainText("Agreed to an earlier wording: Julian Yardarm");
  await expect(readBack).not.toContainText("Reservations and other views");
});

test("a number chosen in the moment of the reveal counts, or its person is told", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person("julian.yardarm.7002@example.invalid");
  await worker.goto(await planWith(chair, server, ["FS-3046"]));
  await Promise.all([chair, worker].map(live));
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await turnTo(chair, "Scores");
  await chair.locator(".cr-scale").first().getByRole("radio", { name: "8", exact: true }).click();
  await expect(chair.getByText("You gave 8.")).toBeVisible();
  await expect(worker.locator(".cr-scale").first()).toBeVisible();
  // The choice still waits for its person to stay with it when the reveal comes: it is late, and its person is told.
  const reveal = await chair.getByRole("button", { name: "Reveal the numbers" }).elementHandle();
  const radio = worker.locator(".cr-scale").first().getByRole("radio", { name: "4", exact: true });
  await radio.evaluate((radio) => radio.click());
  await reveal.evaluate((button) => button.click());
  await expect.poll(() => worker.locator("main").innerText()).toMatch(/The numbers are revealed and stay as they were given|4: Julian Yardarm/);
  await expect(scene(worker)).toContainText(/8: Zara Northlight/);
});

test("what is refused a moment before its form leaves the page can still be read", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, {}, planWith);
  await turnTo(chair, "Scores");
  await chair.locator(".cr-scale").first().getByRole("radio", { name: "8", exact: true }).click();
  await expect(chair.getByText("You gave 8.")).toBeVisible();
  // Answered as it is answered once the numbers are revealed, which this page has not heard yet.
  const refused = "The numbers are revealed and stay as they were given.";
  await worker.route("**/api/meeting/act*", (route) => route.fulfill({ json: { seq: null, refused, field: "" } }));
  await worker.locator(".cr-scale").first().getByRole("radio", { name: "4", exact: true }).click();
  await expect(worker.locator(".cr-act .cr-refused")).toHaveText(refused);
  await chair.getByRole("button", { name: "Reveal the numbers" }).click();
  await expect(scene(worker)).toContainText(/8: Zara Northlight/);
  await expect(worker.locator(".cr-notice")).toContainText(refused);
});

test("an option that is written and left for where the room is has been added", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, {}, planWith);
  await turnTo(chair, "Decide");
  const option = worker.getByLabel("An option, and what speaks for it and against it");
  await option.fill("Wait a month.");
  await turnTo(chair, "Who does what");
  await worker.getByRole("link", { name: "Go there" }).click();
  await expect(worker.locator("#heading")).toContainText("Who does what");
  await look(chair, "Decide");
  await expect(scene(chair)).toContainText("Wait a month.");
  await look(worker, "Decide");
  await expect(option).toHaveValue("");
  // Whoever only goes through the form has added nothing.
  await option.focus();
  await worker.getByRole("button", { name: "Add this option" }).focus();
  await look(worker, "Views");
  await expect(scene(chair).locator(".cr-conversation")).toHaveCount(1);
});

test("a reason that is half written when agreement is recorded for its writer goes with no agreement", async ({ server, person }) => {
  const { chair, worker } = await proposed(server, person);
  await openPeople(chair);
  await chair.getByRole("button", { name: "Everybody is in the room" }).first().click();
  await chair.keyboard.press("Escape");
  const reason = worker.getByLabel(/Your reason/);
  await reason.fill("Not without");
  await chair.getByRole("button", { name: /^Record that/ }).click();
  await expect(worker.getByText("Zara Northlight recorded for you: agree.")).toBeVisible();
  await reason.press("End");
  await worker.keyboard.type(" asking her.");
  // It would have been sent by now.
  await worker.waitForTimeout(2500);
  await reason.blur();
  await expect(worker.getByText("Zara Northlight recorded for you: agree.")).toBeVisible();
  await expect(chair.locator(".cr-stances")).not.toContainText("asking her");
  await worker.getByRole("button", { name: "Disagree" }).click();
  await expect(chair.locator(".cr-stances")).toContainText("Julian Yardarm: Disagree. Not without asking her.");
});
