// What was pressed, removed or left out by mistake is put right where one sees it.
import { PEOPLE, WORKER, accessible, act, analysisOf, begun, expect, finish, live, look, openPeople, plan, planWith, scene, slow, test, toFamily, turnTo } from "./caseround.mjs";

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
  await decision.getByLabel("Julian Yardarm", { exact: true }).selectOption({ label: "agrees now" });
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

test("a wrong mark of attendance is put right at once, on a slow line too", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await openPeople(chair);
  await slow(chair, 800);
  await chair.getByRole("button", { name: "Apologies: Nadia Quoin" }).click();
  await chair.getByRole("button", { name: "On the call: Nadia Quoin" }).click();
  await expect(chair.getByRole("button", { name: "On the call: Nadia Quoin" })).toHaveAttribute("aria-pressed", "true");
  await expect(chair.getByRole("button", { name: "Apologies: Nadia Quoin" })).toHaveAttribute("aria-pressed", "false");
});

test("what would say nothing cannot be pressed, and two clicks on “Propose” unfold nothing", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person);
  await chair.getByRole("button", { name: "Everybody is in the room" }).first().click();
  await turnTo(chair, "Decide");
  const decision = chair.locator(".cr-decision").first();
  await decision.getByLabel("What is decided").selectOption({ label: "Close" });
  await decision.getByLabel("Why", { exact: true }).fill("All is well.");
  await decision.getByRole("button", { name: "Propose this decision" }).dblclick();
  const all = decision.getByRole("button", { name: /^(Record that (all|the others) agree|Nothing left to record)$/ });
  await expect(all).toBeEnabled();
  await expect(decision.locator("details[open]")).toHaveCount(0);
  await worker.getByRole("button", { name: "Disagree", exact: true }).first().click();
  await expect(decision.locator(".cr-stances")).toContainText("Disagree");
  await expect(all).toHaveText("Record that the others agree");
  await all.click();
  await expect(decision.locator(".cr-stances")).toContainText("Agree:");
  await expect(all).toBeDisabled();
  await expect(all).toHaveText("Nothing left to record");
});
