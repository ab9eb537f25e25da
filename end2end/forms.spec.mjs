// What is typed into a form and not sent yet: it is there after a reload, in another part of the page, beside others' words.
import { OFFLINE, PEOPLE, WORKER, begun, expect, live, look, planWith, test } from "./caseround.mjs";

test("what was half written in any form is there after a reload, until it is sent", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, { worker: OFFLINE });
  const note = chair.getByLabel("What was said");
  await chair.getByRole("tab", { name: "Note" }).click();
  await note.fill("nq: the school rang");
  await look(chair, "Decide");
  await chair.getByLabel("Why", { exact: true }).fill("She is safe while the");
  await look(worker, "Decide");
  const step = worker.locator(".cr-add-step").getByLabel("What", { exact: true });
  await step.fill("ring the school about");
  await worker.getByText("Urgent risk", { exact: true }).click();
  await worker.getByLabel("What is urgent, in one line").fill("He knows the new");
  await worker.waitForTimeout(200);
  await Promise.all([chair.reload(), worker.reload()]);
  await Promise.all([live(chair), live(worker)]);
  await expect(step).toHaveValue("ring the school about");
  await expect(worker.getByLabel("What is urgent, in one line")).toHaveValue("He knows the new");
  // It is in sight, also where it was folded away.
  await expect(worker.getByLabel("What is urgent, in one line")).toBeVisible();
  await expect(chair.getByLabel("Why", { exact: true })).toHaveValue("She is safe while the");
  await chair.getByRole("tab", { name: "Note" }).click();
  await expect(note).toHaveValue("nq: the school rang");
  // Once more, after nothing was typed since; then it is sent, emptied or noted, and is gone.
  await worker.reload();
  await live(worker);
  await expect(worker.getByLabel("What is urgent, in one line")).toHaveValue("He knows the new");
  await worker.getByLabel("What is urgent, in one line").fill("");
  await step.press("Enter");
  await expect(worker.getByText("ring the school about").first()).toBeVisible();
  await expect(step).toHaveValue("");
  await chair.getByRole("button", { name: "Note it" }).click();
  await expect(chair.getByText("the school rang").first()).toBeVisible();
  await worker.waitForTimeout(300);
  await Promise.all([chair.reload(), worker.reload()]);
  await Promise.all([live(chair), live(worker)]);
  await worker.waitForTimeout(500);
  await expect(step).toHaveValue("");
  await expect(worker.getByLabel("What is urgent, in one line")).toHaveValue("");
  await chair.getByRole("tab", { name: "Note" }).click();
  await expect(note).toHaveValue("");
});

test("a rewording kept over a reload replaces another's only when it is sent again", async ({ server, person }) => {
  const { chair, meeting } = await begun(server, person, { worker: OFFLINE });
  const taker = await person(PEOPLE.recordTaker);
  await taker.goto(meeting);
  await live(taker);
  await look(taker, "Decide");
  await look(chair, "Decide");
  await taker.getByLabel("What is decided").selectOption({ label: "Close" });
  await taker.getByLabel("Why", { exact: true }).fill("From the record-taker.");
  await chair.getByLabel("What is decided").selectOption({ label: "Close" });
  await chair.getByLabel("Why", { exact: true }).fill("From the chair.");
  await chair.getByRole("button", { name: "Propose this decision" }).click();
  await expect(taker.getByText("From the chair.").first()).toBeVisible();
  await taker.reload();
  await live(taker);
  const form = taker.locator("form", { has: taker.locator("textarea[name='form[why]']") }).first();
  await expect(form.locator("textarea")).toHaveValue("From the record-taker.");
  await expect(form.locator("textarea")).toBeVisible();
  await form.getByRole("button", { name: "Propose this decision" }).click();
  await expect(form.getByRole("alert")).toContainText("From the chair.");
  await form.getByRole("button", { name: "Propose this decision" }).click();
  await expect(chair.locator(".cr-wording")).toContainText("From the record-taker.");
});

test("a reason for a stance kept over a reload and a rewording is said at once", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, { worker: OFFLINE });
  await look(chair, "Decide");
  await chair.getByLabel("What is decided").selectOption({ label: "Close" });
  await chair.getByLabel("Why", { exact: true }).fill("All is well.");
  await chair.getByRole("button", { name: "Propose this decision" }).click();
  await look(worker, "Decide");
  await worker.getByLabel(/Your reason/).fill("Too early for Juno.");
  await chair.getByText("Change the wording").click();
  await chair.getByLabel("Why", { exact: true }).fill("All is well for now.");
  await chair.getByRole("button", { name: "Propose this decision" }).click();
  await expect(worker.getByText("All is well for now.").first()).toBeVisible();
  // The form is folded again, and what is proposed is read above it.
  await expect(chair.getByLabel("Why", { exact: true })).toBeHidden();
  await worker.reload();
  await live(worker);
  await expect(worker.getByLabel(/Your reason/)).toHaveValue("Too early for Juno.");
  await worker.getByRole("button", { name: "Disagree" }).click();
  await expect(chair.locator(".cr-stances")).toContainText("Disagree. Too early for Juno.");
});

test("whoever types into a form before its earlier words are back keeps both", async ({ server, person }) => {
  const { worker } = await begun(server, person, { worker: OFFLINE });
  await look(worker, "Decide");
  const step = worker.locator(".cr-add-step").getByLabel("What", { exact: true });
  await step.fill("ring the school about Monday");
  await worker.waitForTimeout(200);
  await worker.route(/\/api\/device/, async (route) => {
    await new Promise((go) => setTimeout(go, 1500));
    await route.continue();
  });
  await worker.reload();
  await live(worker);
  await step.fill("write to the aunt");
  await expect(worker.getByText("You had written: ring the school about Monday")).toBeVisible();
  await expect(step).toHaveValue("write to the aunt");
  await worker.waitForTimeout(300);
  await worker.reload();
  await live(worker);
  await expect(step).toHaveValue("write to the aunt");
  await worker.getByRole("button", { name: "Discard", exact: true }).dblclick();
  await worker.getByRole("button", { name: "Discard these words for good" }).click();
  await worker.waitForTimeout(300);
  await worker.reload();
  await live(worker);
  await expect(step).toHaveValue("write to the aunt");
  await expect(worker.getByText("You had written:")).toHaveCount(0);
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
