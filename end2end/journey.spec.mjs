// One meeting, three people in three browsers, from an empty database.
import { PEOPLE, accessible, analysisOf, boxOf, closeMeeting, expect, finish, live, look, openPeople, plan, recordFor, test, toFamily } from "./caseround.mjs";

const SOCIAL_WORKER = "julian.yardarm.7002@example.invalid";
const SPECIALIST = "nadia.quoin.7008@example.invalid";
const STRANGER = "rosa.aldermock.7014@example.invalid";

test("one meeting end to end, three people in three browsers", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person(SOCIAL_WORKER);
  const specialist = await person(SPECIALIST);

  await accessible(chair, "meetings, empty");
  const meeting = await plan(chair, server, ["FS-3046", "FS-3004"]);
  await accessible(chair, "a planned meeting");

  // Before: the specialist finds the meeting with only their family, and writes a summary.
  await specialist.goto(`${server.url}/meetings`);
  await expect(specialist.locator(".cr-today li strong", { hasText: "FS-3046" })).toBeVisible();
  await expect(specialist.getByText("another family · 45 min")).toBeVisible();
  await expect(specialist.getByText("FS-3004")).toHaveCount(0);
  await specialist.goto(`${server.url}/families`);
  await specialist.getByRole("link", { name: "FS-3046" }).click();
  await accessible(specialist, "a family, empty");
  await specialist.getByRole("button", { name: "Write my summary" }).click();
  await specialist.getByLabel("Monthly summary").fill("Two visits. **Safe** to talk on Tuesdays.");
  await specialist.getByRole("button", { name: "Preview" }).click();
  await expect(specialist.locator(".cr-preview strong")).toHaveText("Safe");
  await specialist.getByRole("button", { name: "Save my summary" }).click();
  await expect(specialist.getByText("Your summary is saved.")).toBeVisible();

  // Opening: everybody follows without reload.
  await worker.goto(meeting);
  await specialist.goto(meeting);
  await Promise.all([live(chair), live(worker), live(specialist)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await toFamily(chair, "FS-3046");
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  for (const page of [worker, specialist]) {
    await expect(page.locator(".cr-scene__heading")).toContainText("Review last month's steps");
  }
  await expect(chair.locator(".cr-here")).toContainText("3 here");
  await chair.getByRole("button", { name: "Everybody is in the room" }).click();
  await openPeople(chair);
  await chair.getByRole("button", { name: "Apologies: Damian Kingcup" }).click();
  await expect(worker.locator(".cr-attendance__row", { hasText: "Damian Kingcup" })).toContainText("apologies");
  await openPeople(specialist);
  await specialist.getByRole("button", { name: /On the call: Nadia Quoin/ }).click();
  await expect(chair.getByRole("button", { name: "On the call: Nadia Quoin" })).toHaveAttribute("aria-pressed", "true");

  // Analysis, live.
  await look(worker, "Views");
  await analysisOf(worker).fill("The children were at school every day this month.");
  await look(specialist, "Views");
  await expect(boxOf(specialist, "Julian Yardarm")).toContainText("Julian Yardarm is writing");
  await expect(boxOf(specialist, "Julian Yardarm")).toContainText("every day this month");
  await expect(worker.locator(".cr-box--mine", { hasText: "My analysis" }).locator(".cr-state")).toHaveText("Saved");
  await analysisOf(specialist).fill("Mum says she feels heard. Safe to talk on Tuesdays.");
  await look(chair, "Views");
  await expect(boxOf(chair, "Nadia Quoin")).toContainText("feels heard");

  // On behalf of somebody, marked.
  const absent = await recordFor(chair, "Damian Kingcup");
  await absent.getByRole("textbox").fill("Sent by e-mail: play sessions go well.");
  await expect(boxOf(worker, "Damian Kingcup")).toContainText("recorded by Zara Northlight");

  // History, and on whose behalf.
  await worker.getByRole("group", { name: /^Damian Kingcup/ }).getByRole("link", { name: "History" }).click();
  await expect(worker.getByText("recorded by Zara Northlight for Damian Kingcup").first()).toBeVisible();
  await accessible(worker, "who wrote what");
  await worker.goBack();
  await live(worker);

  // Kept from some: only its writer and the people named read it.
  const mine = specialist.locator(".cr-box--mine", { hasText: "My analysis" });
  await look(specialist, "Views");
  await mine.getByText("Restrict who can read this").click();
  await mine.getByLabel("Why? One line, if you like").first().fill("He reads her phone");
  await mine.getByRole("button", { name: "Keep for these only" }).click();
  await expect(boxOf(worker, "Nadia Quoin")).toContainText("kept for named people");
  await expect(boxOf(chair, "Nadia Quoin")).toContainText("only for Zara Northlight · why: He reads her phone");
  await expect(worker.getByText("reads her phone")).toHaveCount(0);
  await expect(worker.getByText("feels heard")).toHaveCount(0);
  await expect(boxOf(chair, "Nadia Quoin")).toContainText("feels heard");

  // Decision.
  await look(chair, "Decide");
  const decision = chair.locator(".cr-decision").first();
  await decision.getByLabel("What is decided").selectOption({ label: "Continue with the plan" });
  await decision.getByLabel("Why", { exact: true }).fill("School is steady and mum asks for help early.");
  await decision.getByRole("button", { name: "Propose this decision" }).click();
  await look(worker, "Decide");
  await expect(worker.locator(".cr-wording")).toContainText("School is steady");
  await worker.getByLabel(/Your reason/).fill("Nights are still hard.");
  await worker.getByRole("button", { name: "Agree with reservations" }).click();
  await expect(chair.locator(".cr-stances")).toContainText("Julian Yardarm: Agree with reservations. Nights are still hard.");
  await decision.getByRole("button", { name: /^Record that (all|the others) agree$/ }).click();
  await expect(worker.locator(".cr-stances")).toContainText(/Agree: [^()]*Nadia Quoin[^()]*\(said when everybody was asked\)/);
  await expect(worker.locator(".cr-stances")).toContainText("Julian Yardarm: Agree with reservations");
  await expect(worker.locator(".cr-stances")).not.toContainText("Damian Kingcup");
  await chair.getByRole("button", { name: /^Confirm / }).click();
  await look(specialist, "Decide");
  await expect(specialist.locator(".cr-wording")).toContainText("Confirmed by Zara Northlight");
  await expect(worker.getByRole("button", { name: "Disagree" })).toHaveCount(0);

  // Next steps: Enter makes the next.
  const steps = chair.locator(".cr-add-step");
  await steps.getByLabel("What", { exact: true }).fill("Ask school about breakfast club");
  await steps.getByLabel("Who", { exact: true }).selectOption({ label: "Julian Yardarm" });
  await steps.getByLabel("By when").fill("8/12/2026");
  await steps.getByLabel("By when").press("Enter");
  await expect(worker.locator(".cr-next-steps__list")).toContainText("Ask school about breakfast club");
  await expect(steps.getByLabel("What", { exact: true })).toBeFocused();
  await expect(steps.getByLabel("What", { exact: true })).toHaveValue("");
  await steps.getByLabel("What", { exact: true }).fill("Wrong date");
  await steps.getByLabel("By when").fill("31/31/2026");
  await steps.getByLabel("By when").press("Enter");
  await expect(steps.locator(".cr-refused")).toContainText("is not a date");
  await expect(steps.getByLabel("What", { exact: true })).toHaveValue("Wrong date");
  await accessible(chair, "a family under discussion, the chair's page");
  await accessible(worker, "a family under discussion, a worker's page");

  // Finish: records and steps are there the same minute.
  await finish(chair);
  await expect(worker.getByRole("heading", { name: /finished at/ })).toBeVisible();
  await look(chair, "Decide");
  await worker.goto(`${server.url}/steps`);
  await expect(worker.getByText("Ask school about breakfast club", { exact: true })).toBeVisible();
  await worker.getByLabel("Why, in a few words").fill("Starts Monday");
  await worker.getByRole("button", { name: /^Done/ }).click();
  await expect(worker.getByText("You have no open steps.")).toBeVisible();

  // Closing decides nothing; the other family is postponed.
  await closeMeeting(chair);

  // Minutes: each reader their own families, no marked text.
  await specialist.goto(`${meeting}/minutes`);
  await accessible(specialist, "minutes");
  await expect(specialist.locator(".cr-minutes")).toContainText("For the team, not for the family");
  await expect(specialist.locator(".cr-minutes")).toContainText("Julian Yardarm, social worker: agree with reservations. Nights are still hard.");
  await expect(specialist.locator(".cr-minutes")).not.toContainText("feels heard");
  await expect(specialist.locator(".cr-minutes")).not.toContainText("FS-3004");
  const markdown = await (await specialist.request.get(`${meeting}/files/md`)).text();
  expect(markdown).toContain("**DRAFT**");
  expect(markdown).not.toContain("feels heard");
  const json = await (await specialist.request.get(`${meeting}/files/json`)).json();
  expect(json.sections.filter((section) => section.level === 2).map((section) => section.heading)).toEqual(["Family FS-3046"]);

  // Every child has a record; downloads are kept in a list.
  await chair.goto(`${server.url}/families`);
  await chair.getByRole("link", { name: "FS-3046" }).click();
  await expect(chair.getByRole("link", { name: /24 November 2026/ })).toHaveCount(3);
  await accessible(chair, "a family after its meeting");
  // The record of each child says what happened to somebody who was not there, decisions and steps first, then who was there, and nothing else.
  const records = await chair.getByRole("link", { name: /24 November 2026/ }).evaluateAll((links) => links.map((link) => link.href));
  for (const record of records) {
    await chair.goto(record);
    const read = await chair.locator("main").innerText();
    let from = 0;
    for (const words of [
      "Continue with the plan. Decided here",
      "Why: School is steady and mum asks for help early.",
      "Confirmed by Zara Northlight, who chaired, at 09:2",
      "Julian Yardarm, social worker: agree with reservations. Nights are still hard.",
      "Josephine Slipway, mental health practitioner: agree (said when everybody was asked, recorded by Zara Northlight,",
      "Nadia Quoin, domestic abuse practitioner (victim-survivor): agree (said when everybody was asked",
      "Ask school about breakfast club\tJulian Yardarm\t8 December 2026",
      "Zara Northlight, team manager: chaired\n",
      "Damian Anvil, business support officer: record-taker\n",
      "Damian Kingcup, psychologist: apologies\n",
      "Julian Yardarm, social worker: in the room\n",
      "Nadia Quoin, domestic abuse practitioner (victim-survivor): on the call\n",
      "Damian Kingcup, psychologist, recorded by Zara Northlight\n\nSent by e-mail: play sessions go well.",
      "Julian Yardarm, social worker\n\nThe children were at school every day this month.",
      "Mum says she feels heard. Safe to talk on Tuesdays.\n\nOnly for Zara Northlight: these words",
    ]) {
      const at = read.indexOf(words, from);
      expect(at, `“${words}” in its place in ${read}`).toBeGreaterThanOrEqual(0);
      from = at;
    }
    for (const other of ["Wrong date", "FS-3004", "Damian Kingcup, psychologist: agree", "disagree."]) expect(read).not.toContain(other);
  }
  expect(records.length).toBe(3);
  await expect(chair.getByRole("button", { name: "Take Julian Yardarm’s reservations to the service manager" })).toBeVisible();
  await accessible(chair, "a record");
  await chair.goto(`${server.url}/downloads`);
  await expect(chair.getByText("Nadia Quoin").first()).toBeVisible();

  // Somebody else's eyes.
  const stranger = await person(STRANGER, { expectErrors: ["404"] });
  for (const path of [meeting, `${meeting}/minutes`]) {
    const answer = await stranger.goto(path);
    expect(answer.status()).toBe(404);
    await expect(stranger.getByRole("heading", { name: "Page not found" })).toBeVisible();
  }
});
