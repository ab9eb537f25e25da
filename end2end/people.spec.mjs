// Who is there: record-taking that changes hands, and words and steps of somebody who is away or brought in.
import { PEOPLE, accessible, analysisOf, announced, begun, boxOf, expect, finish, live, look, meetingMenu, open, openPeople, plan, planWith, test, turnTo } from "./caseround.mjs";

const SPECIALIST = "nadia.quoin.7008@example.invalid";
const ESKDALE = "julian.eskdale.demo.7007@example.invalid";

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
  await away.getByLabel("Monthly summary").fill("Told: mum feels heard.\n\nI think: evenings are the hard part.");
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

test("somebody brought in can be given a step at once, and what was being typed stays", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await turnTo(chair, "Decide");
  const steps = chair.locator(".cr-add-step");
  await steps.getByLabel("What", { exact: true }).fill("Ring the clinic");
  await openPeople(chair);
  await chair.locator("#bring-who").selectOption({ label: "Tamsin Practiss, recovery worker" });
  await chair.getByLabel("Why, in a line").fill("Saw mum at the clinic");
  await chair.getByLabel("Why, in a line").press("Enter");
  await expect(chair.getByRole("button", { name: "In the room: Tamsin Practiss" })).toBeVisible();
  await steps.getByLabel("Who", { exact: true }).selectOption({ label: "Tamsin Practiss" });
  await expect(steps.getByLabel("What", { exact: true })).toHaveValue("Ring the clinic");
  await steps.getByRole("button", { name: "Add step" }).click();
  await expect(chair.locator(".cr-next-steps__step")).toContainText("Tamsin Practiss");
});

test("the bar with the family's name keeps its height, however long what stands beside the name", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person);
  const bar = worker.locator(".cr-identity");
  const height = async (part) => (await part.boundingBox()).height;
  const before = [await height(bar), await height(bar.locator("h1"))];
  await openPeople(chair);
  const ways = ["In the room: Julian Yardarm", "On the call: Nadia Quoin", "Sent words: Josephine Slipway", "Apologies: Damian Kingcup", "Left: Julian Eskdale-Demo"];
  for (const name of ways) await chair.locator(".cr-people").getByRole("button", { name }).click();
  await expect(bar.locator(".cr-people__words")).toContainText("1 left");
  await expect.poll(() => height(bar.locator("h1"))).toBeGreaterThan(before[1]);
  expect(await height(bar)).toBe(before[0]);
});
