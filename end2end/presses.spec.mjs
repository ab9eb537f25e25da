// Presses arrive in their order and count once, however slow the line is.
import { PEOPLE, begun, expect, live, openPeople, planWith, proposed, slow, test, turnTo } from "./caseround.mjs";

test("Enter pressed twice confirms one of two decisions", async ({ server, person }) => {
  const { chair } = await proposed(server, person);
  await chair.getByText("Decide separately for one child").click();
  await chair.getByRole("button", { name: "A decision of their own for Juno" }).click();
  const confirm = chair.getByRole("button", { name: /^Confirm / });
  await expect(chair.getByText("proposed, not yet confirmed")).toHaveCount(2);
  await confirm.focus();
  await chair.keyboard.press("Enter");
  await expect(chair.locator(".cr-decision__state", { hasText: "· decided" })).toHaveCount(1);
  await expect(confirm).toHaveAccessibleDescription(/^For Juno: Close\./);
  await expect(confirm).not.toBeFocused();
  await chair.keyboard.press("Enter");
  await chair.waitForTimeout(500);
  await expect(chair.locator(".cr-decision__state", { hasText: "· decided" })).toHaveCount(1);
});

test("of two answers on their way the later one counts", async ({ server, person }) => {
  const { chair, worker } = await proposed(server, person);
  await worker.getByRole("button", { name: "Disagree" }).click();
  await worker.getByLabel(/Your reason/).fill("Too early, by a month.");
  await worker.getByRole("button", { name: "Add my reason" }).click();
  await expect(chair.locator(".cr-stances")).toContainText("Julian Yardarm: Disagree. Too early, by a month.");
  // What is pressed while an earlier answer is on its way counts, on a slow line too.
  await slow(worker, 800);
  await worker.getByRole("button", { name: "Agree with reservations" }).click();
  await worker.getByRole("button", { name: "Agree", exact: true }).click();
  await expect(chair.locator(".cr-stances")).toContainText("Agree: Julian Yardarm");
  await expect(worker.getByRole("button", { name: "Agree", exact: true })).toHaveAttribute("aria-pressed", "true");
});

test("what is pressed twice on a slow line is added once, and what is typed meanwhile stays", async ({ server, person }) => {
  const { chair } = await begun(server, person);
  await turnTo(chair, "Decide");
  const steps = chair.locator(".cr-add-step");
  const what = steps.getByLabel("What", { exact: true });
  await what.fill("Ring the clinic");
  await steps.getByLabel("Who", { exact: true }).selectOption({ label: "Julian Yardarm" });
  await slow(chair, 4000);
  await steps.getByRole("button", { name: "Add step" }).click();
  await expect(steps.getByText(/not yet shared/i)).toBeVisible();
  await steps.getByRole("button", { name: "Add step" }).click();
  await what.fill("Write to the school");
  await expect(chair.locator(".cr-next-steps__step")).toContainText("Ring the clinic");
  await expect(steps.getByText(/not yet shared/i)).toHaveCount(0);
  await expect(what).toHaveValue("Write to the school");
  await expect(what).toBeFocused();
  await steps.getByRole("button", { name: "Add step" }).click();
  await expect(chair.locator(".cr-next-steps__step")).toHaveCount(2);
  await expect(what).toHaveValue("");
});

test("what one presses one after the other arrives in that order, however slow the first is on its way", async ({ server, person }) => {
  const { chair, worker } = await proposed(server, person);
  let first = true;
  await chair.route("**/api/meeting/act*", async (route) => {
    if (first) {
      first = false;
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
    await route.continue();
  });
  await openPeople(chair);
  await chair.getByRole("button", { name: "Everybody is in the room" }).first().click();
  await chair.keyboard.press("Escape");
  await chair.getByRole("button", { name: /^Record that/ }).click();
  await expect(worker.getByText("Zara Northlight recorded for you: agree.")).toBeVisible();
});

test("what is pressed after an undo reaches the meeting after it", async ({ server, person }) => {
  const { chair } = await proposed(server, person);
  await openPeople(chair);
  const people = chair.locator(".cr-people");
  const left = people.getByRole("button", { name: "Left: Julian Yardarm" });
  await people.getByRole("button", { name: "Everybody is in the room" }).first().click();
  // Only what changes a mark that was there can be undone.
  await expect(people.getByRole("button", { name: "In the room: Julian Yardarm" })).toHaveAttribute("aria-pressed", "true");
  await left.click();
  await expect(left).toHaveAttribute("aria-pressed", "true");
  const answered = [];
  await chair.route("**/api/meeting/act*", async (route) => {
    const which = route.request().postData().includes("take_back_attendance") ? "undo" : "press";
    if (which === "undo") await new Promise((resolve) => setTimeout(resolve, 1500));
    const answer = await route.fetch();
    answered.push(which);
    await route.fulfill({ response: answer });
  });
  await chair.getByRole("button", { name: "Undo", exact: true }).click();
  await openPeople(chair);
  await left.click();
  await expect.poll(() => answered).toEqual(["undo", "press"]);
  await expect(left).toHaveAttribute("aria-pressed", "true");
});

test("a press on the next heading counts, though the last one is answered while the button is down", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  await planWith(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await turnTo(chair, "Scores");
  await chair.locator(".cr-scale").first().getByRole("radio", { name: "8", exact: true }).click();
  await chair.getByRole("button", { name: "Reveal the numbers" }).click();
  await chair.getByLabel(/What the numbers told us/).fill("Mornings look different from school and from home.");
  let answer;
  await chair.route("**/api/meeting/act", async (route) => {
    const answered = await route.fetch();
    if (route.request().postData().includes("stage")) await new Promise((goOn) => { answer = goOn; });
    await route.fulfill({ response: answered });
  });
  await chair.locator("#next-stage").click();
  await expect(chair.locator("#heading")).toHaveText("What we think it means");
  await chair.locator("#next-stage").hover();
  await chair.mouse.down();
  const answers = chair.waitForResponse("**/api/meeting/act");
  answer();
  await (await answers).finished();
  await chair.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await chair.mouse.up();
  await expect(chair.locator("#heading")).toHaveText(/^Decide/);
  await chair.unrouteAll({ behavior: "ignoreErrors" });
});

test("a page that was shown what is proposed stays where it is scrolled to, also as the press is answered", async ({ server, person }) => {
  const { chair } = await begun(server, person);
  await turnTo(chair, "Decide");
  await chair.getByLabel("What is decided").selectOption({ label: "Close" });
  await chair.getByLabel("Why", { exact: true }).fill("Two calm months at home.");
  let answer;
  await chair.route("**/api/meeting/act", async (route) => {
    const answered = await route.fetch();
    await new Promise((goOn) => { answer = goOn; });
    await route.fulfill({ response: answered });
  });
  await chair.setViewportSize({ width: 1366, height: 430 });
  await chair.getByRole("button", { name: "Propose this decision" }).click();
  await expect(chair.getByText("proposed, not yet confirmed")).toBeVisible();
  await chair.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  const before = await chair.evaluate(() => window.scrollY);
  expect(before).toBeGreaterThan(300);
  const answers = chair.waitForResponse("**/api/meeting/act");
  answer();
  await (await answers).finished();
  await chair.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  expect(await chair.evaluate(() => window.scrollY)).toBe(before);
  await chair.unrouteAll({ behavior: "ignoreErrors" });
});
