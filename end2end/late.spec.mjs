// Words that come after a family was finished are their author's: to go on with, to file, to use once it is reopened.
import { OFFLINE, PEOPLE, WORKER, analysisOf, begun, cutWrites, expect, finish, live, look, plan, planWith, recordFor, saved, scene, test, turnTo } from "./caseround.mjs";

test("words that came too late belong into the family's boxes again once it is reopened", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, {}, planWith);
  await turnTo(chair, "Who does what");
  await look(worker, "Steps");
  await worker.locator("#if-happens").fill("nobody opens the door");
  await look(worker, "Views");
  await analysisOf(worker).click();
  await worker.keyboard.type("One thing more: ");
  await expect(worker.locator(".cr-box--mine", { hasText: "My analysis" }).locator(".cr-state")).toHaveText("Saved");
  await finish(chair);
  await worker.keyboard.type("she laughs again.");
  const late = worker.getByRole("region", { name: "Words that came too late" });
  await expect(late.getByRole("textbox")).toHaveValue("she laughs again.");
  await expect(late.getByRole("button", { name: "File as a late contribution" })).toBeVisible();
  await expect(worker.getByText("You had written: nobody opens the door")).toBeVisible();

  await chair.getByRole("button", { name: "Reopen this family" }).click();
  await expect(late).toContainText("this family is open again. Copy these words to where they belong, then discard them here.");
  await expect(late.getByRole("button", { name: "File as a late contribution" })).toHaveCount(0);
  await expect(late.getByRole("textbox")).toHaveValue("she laughs again.");
  await look(worker, "Views");
  await expect(analysisOf(worker)).toHaveValue("One thing more: ");
  await analysisOf(worker).fill("One thing more: she laughs again.");
  await late.getByRole("button", { name: "Discard", exact: true }).click();
  await late.getByRole("button", { name: "Discard these words for good" }).click();
  await expect(late).toHaveCount(0);
  // What was begun in a form stands in it again.
  await look(worker, "Steps");
  await expect(worker.getByText("You had written: nobody opens the door")).toHaveCount(0);
  await expect(scene(worker).locator("#if-happens")).toHaveValue("nobody opens the door");

  await look(worker, "Views");
  await expect(worker.locator(".cr-box--mine", { hasText: "My analysis" }).locator(".cr-state")).toHaveText("Saved");
  await finish(chair);
  await worker.reload();
  await expect(late).toHaveCount(0);
  await chair.goto(`${server.url}/records`);
  await chair.getByRole("link", { name: "Ottilie" }).click();
  await expect(chair.locator("main")).toContainText("One thing more: she laughs again.");
  await expect(chair.locator("main").getByText("she laughs again.")).toHaveCount(1);
});

test("a step that was pressed too late is filed by its author, and says of which family it is", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER, OFFLINE);
  const meeting = await plan(chair, server, ["FS-3046", "FS-3007"]);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await look(worker, "Decide");
  const first = (await worker.locator(".cr-identity__family").innerText()).match(/FS-\d+/)[0];
  await cutWrites(worker);
  const step = worker.locator(".cr-add-step").getByLabel("What", { exact: true });
  await step.fill("Kinship");
  await step.press("Enter");
  await expect(step).toHaveValue("");
  // And a word that is not pressed at all.
  await step.fill("Nursery");
  await finish(chair);
  await chair.getByRole("button", { name: /^Next: / }).click();
  await expect(chair.locator(".cr-identity__family")).not.toContainText(first);
  await worker.unroute(/\/api\/meeting\/(typed|act)/);
  const late = worker.getByRole("region", { name: "Words that came too late" });
  await expect(late).toContainText("Not in the meeting", { timeout: 15_000 });
  await expect(late.getByRole("textbox")).toHaveValue("A step: Kinship");
  await expect(worker.getByText(/You had written( about FS-\d+)?: Nursery/)).toBeVisible();
  await worker.locator(".cr-agenda-line").getByRole("link").filter({ hasNotText: first }).first().click();
  await expect(late).toContainText(`Not in the meeting about ${first}`);
  await expect(worker.getByText(`You had written about ${first}: Nursery`)).toBeVisible();
  await late.getByRole("button", { name: "File as a late contribution" }).click();
  await expect(late).toHaveCount(0);
  await worker.getByRole("button", { name: "Discard", exact: true }).dblclick();
  await worker.getByRole("button", { name: "Discard these words for good" }).click();
  await worker.goto(`${server.url}/families`);
  await worker.getByRole("link", { name: first }).click();
  await expect(worker.getByText("Kinship").first()).toBeVisible();
});

test("words that come after the family is finished are their author's to file", async ({ server, person }) => {
  const { chair, worker, meeting } = await begun(server, person, { worker: OFFLINE });
  await look(worker, "Views");
  await analysisOf(worker).fill("In time.");
  await expect(saved(worker)).toHaveText("Saved");
  await cutWrites(worker);
  await analysisOf(worker).press("End");
  await analysisOf(worker).pressSequentially(" Too late for the record.", { delay: 10 });
  await finish(chair);
  await expect(worker.getByText("this family is finished")).toBeVisible();
  await worker.unroute(/\/api\/meeting\/(typed|act)/);
  const late = worker.locator(".cr-late");
  await expect(late).toContainText("Not in the meeting", { timeout: 15_000 });
  await expect(late.getByRole("textbox")).toHaveValue("Too late for the record.");
  // Still there after a reload, until its author says.
  await worker.reload();
  await live(worker);
  await expect(worker.locator(".cr-late").getByRole("textbox")).toHaveValue("Too late for the record.", { timeout: 15_000 });
  await worker.getByRole("button", { name: "File as a late contribution" }).click();
  await expect(worker.locator(".cr-late")).toHaveCount(0);
  await chair.goto(`${meeting}/minutes`);
  await expect(chair.locator(".cr-minutes")).toContainText("Late contributions");
  await expect(chair.locator(".cr-minutes")).toContainText("Too late for the record.");
  await chair.goto(`${server.url}/records`);
  await chair.locator('main a[href^="/records/"]').first().click();
  await expect(chair.locator("main")).toContainText("Julian Yardarm sent a late contribution");
  await chair.goto(`${chair.url()}/sign`);
  await expect(chair.locator("main")).toContainText("Julian Yardarm sent a late contribution");
  await worker.reload();
  await live(worker);
  await worker.waitForTimeout(800);
  await expect(worker.locator(".cr-late")).toHaveCount(0);
});

test("whoever types while the family is finished goes on where their words are kept", async ({ server, person }) => {
  const { chair, worker, meeting } = await begun(server, person, { worker: OFFLINE });
  await look(worker, "Views");
  await analysisOf(worker).click();
  await worker.keyboard.type("I was just saying");
  await expect(saved(worker)).toHaveText("Saved");
  await finish(chair);
  await expect(worker.getByText("this family is finished")).toBeVisible();
  await expect(analysisOf(worker)).toBeFocused();
  await worker.keyboard.type(" that Ottilie sings again.", { delay: 15 });
  const late = worker.locator(".cr-late").getByRole("textbox");
  await expect(late).toHaveValue("that Ottilie sings again.", { timeout: 15_000 });
  await expect(late).toBeFocused();
  await expect(late).toBeInViewport();
  await expect(worker.getByText("I was just saying", { exact: true })).toBeVisible();
  await worker.keyboard.type(" In the kitchen.");
  // Nothing moves under the press: the first one counts, and says what it did.
  await worker.getByRole("button", { name: "File as a late contribution" }).click();
  await expect(worker.getByRole("group", { name: "What was done" })).toContainText("Filed as a late contribution.");
  await expect(worker.locator(".cr-late")).toHaveCount(0);
  await expect(worker.getByRole("textbox", { name: /^My analysis/ })).toHaveCount(0);
  await expect(worker.locator(".cr-identity .cr-state")).toHaveText("Saved");
  await chair.goto(`${meeting}/minutes`);
  await expect(chair.locator(".cr-minutes")).toContainText("that Ottilie sings again. In the kitchen.");
});

test("whoever records for somebody while the family is finished goes on where the words are kept", async ({ server, person }) => {
  const { chair, meeting } = await begun(server, person, { worker: OFFLINE });
  const elsewhere = await person(PEOPLE.chair);
  await elsewhere.goto(meeting);
  await live(elsewhere);
  const box = (await recordFor(chair, "Nadia Quoin")).getByRole("textbox");
  await box.click();
  await chair.keyboard.type("She says that");
  await expect(chair.locator(".cr-identity .cr-state")).toHaveText("Saved");
  await finish(elsewhere);
  await expect(chair.getByText("this family is finished")).toBeVisible();
  await expect(box).toBeFocused();
  await chair.keyboard.type(" he sleeps again.", { delay: 15 });
  const late = chair.locator(".cr-late").getByRole("textbox");
  await expect(late).toHaveValue("he sleeps again.", { timeout: 15_000 });
  await expect(late).toBeFocused();
});

test("words that came too late are kept as their author goes on with them", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, { worker: OFFLINE });
  await look(worker, "Views");
  await analysisOf(worker).pressSequentially("She sleeps well now. ");
  await expect(saved(worker)).toHaveText("Saved");
  await cutWrites(worker);
  await analysisOf(worker).pressSequentially("One thing more");
  await finish(chair);
  await worker.unroute(/\/api\/meeting\/(typed|act)/);
  const late = worker.locator(".cr-late").getByRole("textbox");
  await expect(late).toHaveValue(/One thing more/);
  await late.press("End");
  await worker.keyboard.type(": the school rang.");
  await worker.waitForTimeout(300);
  for (let again = 0; again < 2; again++) {
    await worker.reload();
    await expect(late).toHaveValue(/One thing more: the school rang\./);
  }
  await worker.getByRole("button", { name: "File as a late contribution" }).click();
  await expect(late).toHaveCount(0);
  await worker.reload();
  await live(worker);
  await expect(late).toHaveCount(0);
});
