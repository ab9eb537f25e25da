// What others do while somebody is in the middle of something takes nothing from them.
import { PEOPLE, WORKER, begun, expect, finish, live, look, openPeople, plan, proposed, test, turnTo } from "./caseround.mjs";

test("a second click where the first one confirmed confirms nothing else", async ({ server, person }) => {
  const { chair } = await proposed(server, person);
  await chair.getByText("Decide separately for one child").click();
  await chair.getByRole("button", { name: "A decision of their own for Juno" }).click();
  await expect(chair.getByText("proposed, not yet confirmed")).toHaveCount(2);
  const confirm = chair.getByRole("button", { name: /^Confirm / });
  const { x, y } = await confirm.boundingBox();
  await chair.mouse.click(x + 20, y + 15);
  await expect(chair.locator(".cr-decision__state", { hasText: "· decided" })).toHaveCount(1);
  await expect(confirm).toBeVisible();
  await chair.mouse.click(x + 20, y + 15);
  await expect(chair.getByText("Pressed twice: only the first press counted.").first()).toBeAttached();
  await expect(chair.locator(".cr-decision__state", { hasText: "· decided" })).toHaveCount(1);
  // Whoever means it presses once more.
  await chair.waitForTimeout(1000);
  await confirm.click();
  await expect(chair.locator(".cr-decision__state", { hasText: "· decided" })).toHaveCount(2);
});

test("a press where another act was confirmed counts once something else was pressed in between", async ({ server, person }) => {
  const { chair } = await proposed(server, person);
  await chair.getByText("Decide separately for one child").click();
  await chair.getByRole("button", { name: "A decision of their own for Juno" }).click();
  await expect(chair.getByText("proposed, not yet confirmed")).toHaveCount(2);
  const confirm = chair.getByRole("button", { name: /^Confirm / });
  const { x, y } = await confirm.boundingBox();
  await chair.mouse.click(x + 20, y + 15);
  await expect(chair.locator(".cr-decision__state", { hasText: "· decided" })).toHaveCount(1);
  await chair.getByRole("heading", { level: 1 }).click();
  await chair.mouse.click(x + 20, y + 15);
  await expect(chair.locator(".cr-decision__state", { hasText: "· decided" })).toHaveCount(2);
});

test("why something became of a step is typed to its end, though somebody else answers for it meanwhile", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER);
  await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await look(chair, "Decide");
  const add = chair.locator(".cr-add-step");
  await add.getByLabel("What", { exact: true }).fill("Ring the school");
  await add.getByLabel("Who", { exact: true }).selectOption({ label: "Julian Yardarm" });
  await add.getByRole("button", { name: "Add step" }).click();
  await expect(chair.locator(".cr-next-steps__step")).toHaveCount(1);
  await finish(chair);
  await expect(chair.getByRole("heading", { name: /finished at/ })).toBeVisible();
  const second = await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await worker.goto(second);
  await live(worker);
  await Promise.all([look(chair, "Last steps"), look(worker, "Last steps")]);
  const why = chair.locator(".cr-last-steps").getByLabel(/^Why, in a few words/);
  await why.click();
  await chair.keyboard.type("school says yes from Mon");
  await worker.getByRole("button", { name: /^Done/ }).click();
  await expect(chair.locator(".cr-last-steps")).toContainText("✓ done");
  await chair.keyboard.type("day on");
  await expect(why).toHaveValue("school says yes from Monday on");
  await expect(why).toBeFocused();
});

test("whoever is changing a step that somebody removes is told, and brings it back with their words", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person);
  await turnTo(chair, "Decide");
  const add = chair.locator(".cr-add-step");
  await add.getByLabel("What", { exact: true }).fill("Ring the school");
  await add.getByRole("button", { name: "Add step" }).click();
  const step = chair.locator(".cr-next-steps__step");
  await expect(step).toHaveCount(1);
  await step.getByRole("link", { name: /^Change/ }).click();
  await step.getByLabel("What", { exact: true }).fill("Ring the school and ask who collects");
  await look(worker, "Decide");
  const theirs = worker.locator(".cr-next-steps__step");
  await theirs.getByRole("link", { name: /^Change/ }).click();
  await theirs.getByRole("button", { name: "Remove this step" }).click();
  await expect(step).toHaveCount(0);
  const told = chair.locator(".cr-notice");
  await expect(told).toContainText("“Ring the school” was removed while you were changing it.");
  await told.getByRole("button", { name: "Undo" }).click();
  await expect(step).toHaveCount(1);
  await expect(step.getByLabel("What", { exact: true })).toHaveValue("Ring the school and ask who collects");
});

test("of two who change one step the second sees both, and decides", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person);
  await turnTo(chair, "Decide");
  const add = chair.locator(".cr-add-step");
  await add.getByLabel("What", { exact: true }).fill("Ring the school");
  await add.getByRole("button", { name: "Add step" }).click();
  await look(worker, "Decide");
  const [mine, theirs] = [chair, worker].map((page) => page.locator(".cr-next-steps__step"));
  await mine.getByRole("link", { name: /^Change/ }).click();
  await mine.getByLabel("What", { exact: true }).fill("Ring the school on Monday");
  await theirs.getByRole("link", { name: /^Change/ }).click();
  await theirs.getByLabel("What", { exact: true }).fill("Ring the clinic");
  await theirs.getByRole("button", { name: "Save the change" }).click();
  await expect(mine).toContainText("Ring the clinic");
  await mine.getByRole("button", { name: "Save the change" }).click();
  await expect(mine.getByRole("alert")).toContainText("Ring the clinic");
  await expect(mine.getByLabel("What", { exact: true })).toHaveValue("Ring the school on Monday");
  await mine.getByRole("button", { name: "Save the change" }).click();
  await expect(theirs).toContainText("Ring the school on Monday");
});

test("a summary that is saved during the discussion is there beside it, and who disagrees is recorded with why", async ({ server, person }) => {
  const { chair, worker } = await proposed(server, person);
  const beside = chair.locator("#beside");
  await expect(beside).toContainText("No summary has been written yet");
  const other = await worker.context().newPage();
  await other.goto(`${server.url}/families`);
  await other.getByRole("link", { name: "FS-3046", exact: true }).click();
  await other.getByRole("button", { name: "Write my summary" }).click();
  await expect(other.getByRole("heading", { name: /^My monthly summary/ })).toBeVisible();
  await other.locator("#text-summary").fill("Seen twice, settled in school.");
  await other.getByRole("button", { name: "Save my summary" }).click();
  await expect(beside).toContainText("Seen twice, settled in school.");

  await openPeople(chair);
  await chair.getByRole("button", { name: "Everybody is in the room" }).click();
  await chair.getByText("Record who disagrees").click();
  const row = chair.locator(".cr-except", { hasText: "Julian Yardarm" });
  await row.getByLabel("Julian Yardarm", { exact: true }).selectOption("disagrees");
  await row.getByLabel("Why, in the words of Julian Yardarm").fill("Too early, by a month.");
  await chair.getByRole("button", { name: "Record this" }).click();
  await expect(chair.locator(".cr-stances")).toContainText("Julian Yardarm: Disagree. Too early, by a month.");
  await expect(row.locator("option").first()).toHaveText("as they said");
});
