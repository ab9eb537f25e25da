// Everything that needs no live update, with scripts off.
import { PEOPLE, accessible, analysisOf, closeMeeting, expect, finish, live, look, meetingMenu, openPeople, plan, recordFor, test, turnTo } from "./caseround.mjs";

test("a meeting with scripts off, two people's edits to one box merging", async ({ server, person }) => {
  const off = { javaScriptEnabled: false, expectErrors: ["was preloaded using link preload"] };
  const chair = await person(PEOPLE.chair, off);
  const worker = await person("julian.yardarm.7002@example.invalid", off);
  const meeting = await plan(chair, server, ["FS-3046"]);
  await worker.goto(`${server.url}/families`);
  await worker.getByRole("link", { name: "FS-3046" }).click();
  await worker.getByRole("button", { name: "Write my summary" }).click();
  await worker.getByLabel("Monthly summary").fill("School every day.");
  await worker.getByRole("button", { name: "Save my summary" }).click();
  await expect(worker.getByText("Your summary is saved.")).toBeVisible();
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await chair.getByRole("button", { name: "Everybody is in the room" }).click();
  await openPeople(chair);
  await expect(chair.getByRole("button", { name: "In the room: Nadia Quoin" })).toHaveAttribute("aria-pressed", "true");

  await worker.goto(meeting);
  await look(worker, "Views");
  const box = worker.locator(".cr-box--mine", { hasText: "My analysis" });
  await analysisOf(worker).fill("Ivy is well.\nNoah sleeps.");
  await box.getByRole("button", { name: "Save" }).click();
  await expect(analysisOf(worker)).toHaveValue("Ivy is well.\nNoah sleeps.");
  // Both start from the same page; each changes another line.
  await chair.goto(meeting);
  const recorded = await recordFor(chair, "Julian Yardarm");
  await recorded.getByRole("textbox").fill("Ivy is well.\nNoah sleeps better.");
  await analysisOf(worker).fill("Ivy is very well.\nNoah sleeps.");
  await box.getByRole("button", { name: "Save" }).click();
  await recorded.getByRole("button", { name: "Save" }).click();
  await worker.goto(meeting);
  await look(worker, "Views");
  await expect(analysisOf(worker)).toHaveValue("Ivy is very well.\nNoah sleeps better.");

  await chair.goto(meeting);
  await look(chair, "Decide");
  await chair.getByLabel("What is decided").selectOption({ label: "Close" });
  await chair.getByLabel("Why", { exact: true }).fill("All is well.");
  await chair.getByRole("button", { name: "Propose this decision" }).click();
  await worker.goto(meeting);
  await look(worker, "Decide");
  await worker.getByLabel(/Your reason/).fill("Too early.");
  await worker.getByRole("button", { name: "Disagree" }).click();
  await expect(worker.locator(".cr-stances")).toContainText("Julian Yardarm: Disagree. Too early.");
  await chair.goto(meeting);
  await look(chair, "Decide");
  await chair.getByRole("button", { name: /^Confirm / }).click();
  const steps = chair.locator(".cr-add-step");
  await steps.getByLabel("What", { exact: true }).fill("Write to the school");
  await steps.getByLabel("By when").fill("31/31/2026");
  await chair.getByRole("button", { name: "Add step" }).click();
  await expect(chair.locator(".govuk-error-summary")).toContainText("is not a date");
  await chair.locator(".govuk-error-summary").getByRole("link").click();
  await expect(chair.locator(".cr-add-step:target")).toBeInViewport();
  await expect(steps.getByLabel("What", { exact: true })).toHaveValue("Write to the school");
  await steps.getByLabel("By when").fill("8/12/2026");
  await steps.getByLabel("Who", { exact: true }).selectOption({ label: "Julian Yardarm" });
  await chair.getByRole("button", { name: "Add step" }).click();
  await expect(chair.locator(".cr-next-steps__list")).toContainText("Write to the school");
  // The address opens a row; its form is sent and the row is a line again.
  const step = chair.locator(".cr-next-steps__step", { hasText: "Write to the school" });
  await step.getByRole("link", { name: /^Change/ }).click();
  await expect(chair).toHaveURL(/row=/);
  await expect(step.getByRole("link", { name: /^Close/ })).toHaveAttribute("aria-expanded", "true");
  await step.getByLabel("By when").fill("9/12/2026");
  await step.getByRole("button", { name: "Save the change" }).click();
  await expect(step).toContainText("9 December 2026");
  await finish(chair);
  await closeMeeting(chair);
  await worker.goto(`${meeting}/minutes`);
  await expect(worker.locator(".cr-minutes")).toContainText("Julian Yardarm, social worker: disagree. Too early.");
});

test("people by hand, with mistakes, on one short page each", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  for (const path of ["/families/new", "/workers/new", "/meetings/new", "/workers", "/steps", "/downloads", "/families"]) {
    await chair.goto(`${server.url}${path}`);
    await accessible(chair, path);
    await chair.setViewportSize({ width: 320, height: 700 });
    const width = await chair.evaluate(() => document.documentElement.scrollWidth);
    expect(width, `${path} needs sideways scrolling at 320 px`).toBeLessThanOrEqual(320);
    await chair.setViewportSize({ width: 1366, height: 900 });
  }
  await chair.goto(`${server.url}/families/new`);
  await chair.getByRole("button", { name: "Save" }).click();
  await expect(chair.locator(".govuk-error-summary")).toContainText("The reference is empty");
  await accessible(chair, "a refused form");
  await chair.getByLabel("Reference", { exact: true }).fill("FS-9001");
  await chair.getByLabel("Last discussed").fill("27/10/2026");
  await chair.getByRole("button", { name: "Save" }).click();
  await expect(chair.getByRole("heading", { name: /^FS-9001/, level: 1 })).toBeVisible();
  await chair.getByText("More", { exact: true }).click();
  await accessible(chair, "what is seldom needed of a family");
  await chair.getByRole("link", { name: "Add a child or an adult" }).click();
  await accessible(chair, "a person's form");
  await chair.getByLabel("Due date").fill("14/2/2027");
  await chair.getByRole("button", { name: "Save" }).click();
  await expect(chair.locator(".cr-card")).toContainText("due 14 February 2027");
  await chair.getByText("More", { exact: true }).click();
  await chair.getByRole("link", { name: "Allocate somebody" }).click();
  await accessible(chair, "an allocation's form");
  await chair.getByLabel("Worker").selectOption({ label: "Nadia Quoin, domestic abuse practitioner (victim-survivor)" });
  await chair.getByRole("button", { name: "Allocate" }).click();
  await expect(chair.locator(".cr-allocated")).toContainText("Nadia Quoin");
  await chair.getByRole("button", { name: /End allocation/ }).click();
  await expect(chair.getByText("Nobody is allocated.")).toBeVisible();
});

test("the quiet view: one's own box, the heading and the time", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person("julian.yardarm.7002@example.invalid");
  const meeting = await plan(chair, server, ["FS-3046"]);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await meetingMenu(worker);
  await worker.getByRole("link", { name: "Quiet view" }).click();
  await expect(worker.locator(".cr-headings, .cr-beside, .cr-agenda-line")).toHaveCount(0);
  await expect(worker.getByText("Time used:")).toBeVisible();
  await analysisOf(worker).fill("Said quietly.");
  await expect(worker.locator(".cr-identity .cr-state")).toHaveText("Saved");
  await chair.locator("#next-stage").click();
  await expect(worker.getByText(/The room is at Views/)).toBeVisible();
  await expect(analysisOf(worker)).toBeFocused();
  await accessible(worker, "the quiet view");
  // What is proposed is seen and answered here, too.
  await turnTo(chair, "Decide");
  await chair.getByLabel("What is decided").selectOption({ index: 1 });
  await chair.getByLabel("Why", { exact: true }).fill("School is steady.");
  await chair.getByRole("button", { name: "Propose this decision" }).click();
  await worker.getByRole("link", { name: "Go there" }).click();
  await expect(worker.locator(".cr-wording")).toContainText("School is steady");
  await worker.getByText("Disagree", { exact: true }).click();
  await expect(chair.locator(".cr-stances")).toContainText(/Julian Yardarm/);
  await accessible(worker, "a decision in the quiet view");
  // Loaded anew it is quiet still; a link shows the whole page again.
  await worker.reload();
  await live(worker);
  await expect(analysisOf(worker)).toHaveValue("Said quietly.");
  await worker.getByRole("link", { name: "Show the whole page" }).click();
  await expect(worker.locator(".cr-headings")).toBeVisible();
  await look(worker, "Views");
  await expect(analysisOf(worker)).toHaveValue("Said quietly.");
  const plain = await person("julian.yardarm.7002@example.invalid", { javaScriptEnabled: false, expectErrors: ["was preloaded"] });
  await plain.goto(`${meeting}?quiet=yes`);
  await expect(analysisOf(plain)).toHaveValue("Said quietly.");
  await plain.getByRole("link", { name: "Show the whole page" }).click();
  await expect(plain.locator(".cr-headings")).toBeVisible();
});
