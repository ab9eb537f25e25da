// Every page in its states can be read: on a narrow phone, with text at 200 %, on the wall, and by axe.
import { PEOPLE, accessible, analysisOf, expect, finish, live, look, openPeople, plan, planWith, test, toFamily } from "./caseround.mjs";

const WORKER = "julian.yardarm.7002@example.invalid";

/// No sideways scrolling at 320 px, nor with text twice as large; nothing is cut off at its edge.
async function reads(page, where) {
  const fits = async (how) => {
    const told = await page.evaluate(() => {
      const width = document.documentElement.clientWidth;
      const wide = [...document.querySelectorAll("body *")]
        .filter((element) => element.getBoundingClientRect().right > width + 1 && element.getClientRects().length > 0)
        .filter((element) => !element.closest(".govuk-visually-hidden"))
        // A row of links scrolls in itself, and so does a picture.
        .filter((element) => !element.closest(".cr-headings ol, .cr-agenda-line__list, .cr-genogram"))
        .map((element) => `${element.tagName}.${element.className} ${element.textContent.trim().slice(0, 30)}`);
      return { scroll: document.documentElement.scrollWidth - width, wide: wide.slice(0, 3) };
    });
    expect.soft(told, `${where}, ${how}`).toEqual({ scroll: 0, wide: [] });
  };
  await page.setViewportSize({ width: 320, height: 700 });
  await fits("at 320 px");
  await page.setViewportSize({ width: 1024, height: 768 });
  await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
  await fits("with text at 200 %");
  await page.evaluate(() => (document.documentElement.style.fontSize = ""));
  await page.setViewportSize({ width: 1366, height: 900 });
}

test("every page can be read narrow, large and by axe, empty and full", async ({ server, person }) => {
  test.setTimeout(180_000);
  const chair = await person(PEOPLE.chair, { expectErrors: ["404"] });
  const worker = await person("julian.yardarm.7002@example.invalid");
  const both = async (page, where) => {
    await accessible(page, where);
    await reads(page, where);
  };
  const visit = async (page, path, where = path) => {
    await page.goto(`${server.url}${path}`);
    await both(page, where);
  };
  for (const path of ["/meetings", "/families", "/steps", "/downloads", "/workers", "/meetings/new"]) await visit(chair, path, `${path}, empty`);
  await visit(chair, "/no-such-page");
  await visit(worker, "/meetings", "/meetings of a worker, empty");

  // A plan that does not fit, said beside it.
  await chair.goto(`${server.url}/meetings/new`);
  await chair.getByLabel("Date").fill("1/12/2026");
  await chair.getByLabel("Minutes booked").fill("60");
  for (const family of ["FS-3046", "FS-3040"]) await chair.locator(".cr-plan__family", { hasText: family }).getByRole("checkbox").check();
  await chair.getByRole("button", { name: "Save the plan" }).click();
  await expect(chair.locator(".govuk-warning-text, .cr-warning").first()).toBeVisible();
  await both(chair, "a plan with warnings");

  const meeting = await plan(chair, server, ["FS-3046", "FS-3004"]);
  const wall = await person(PEOPLE.chair);
  await wall.goto(`${meeting}?view=room`);
  await both(wall, "the wall before the meeting");
  await worker.goto(meeting);
  await both(worker, "a meeting not yet open");
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await both(chair, "a meeting just opened");
  await toFamily(chair, "FS-3046");
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await chair.getByRole("button", { name: "Everybody is in the room" }).click();
  const unbroken = "https://example.invalid/a-very-long-address-without-any-place-to-break-it/".repeat(3);
  await look(worker, "Views");
  await analysisOf(worker).fill(`School every day.\n\n${unbroken}`);
  await look(chair, "Decide");
  const decision = chair.locator(".cr-decision").first();
  await decision.getByLabel("What is decided").selectOption({ label: "Continue with the plan" });
  await decision.getByLabel("Why", { exact: true }).fill(`Steady. ${unbroken}`);
  await decision.getByRole("button", { name: "Propose this decision" }).click();
  await look(worker, "Decide");
  await worker.getByRole("button", { name: "Disagree" }).click();
  // The answer moves what stands below it.
  await expect(decision.locator(".cr-stances")).toContainText("Disagree");
  await chair.getByText("Decide separately for one child").click();
  await chair.getByRole("button", { name: "A decision of their own for Juno" }).click();
  await expect(chair.locator(".cr-decision")).toHaveCount(2);
  const steps = chair.locator(".cr-add-step");
  await steps.getByLabel("What", { exact: true }).fill(unbroken);
  await steps.getByLabel("Who", { exact: true }).selectOption({ label: "Julian Yardarm" });
  await steps.getByLabel("What", { exact: true }).press("Enter");
  await expect(worker.locator(".cr-next-steps__step")).toHaveCount(1);
  for (const details of await chair.locator("details").all()) await details.evaluate((element) => (element.open = true));
  await both(chair, "a family under discussion, everything unfolded, the chair's page");
  await both(worker, "a family under discussion, a worker's page");
  await expect(wall.locator("body")).toContainText("FS-3046");
  await both(wall, "the wall with a family");
  await wall.emulateMedia({ colorScheme: "dark" });
  await accessible(wall, "the wall in the dark");
  await chair.getByRole("button", { name: /^Confirm / }).click();
  await finish(chair);
  await expect(worker.getByRole("heading", { name: /finished at/ })).toBeVisible();
  await both(worker, "a finished family");

  // Full.
  await look(chair, "Decide");
  await visit(worker, "/steps", "/steps, full");
  await chair.goto(meeting);
  await chair.goto(`${meeting}/minutes`);
  await both(chair, "minutes");
  await visit(chair, `${new URL(meeting).pathname}/guests`, "guests from outside");
  for (const path of ["/meetings", "/families", "/downloads", "/meetings/new", "/roles", "/roles/new", "/openings", "/access", "/families/open", "/confidential", "/me", "/me/second-factor"]) await visit(chair, path, `${path}, full`);
  await chair.goto(`${server.url}/families`);
  await chair.getByRole("link", { name: "FS-3046" }).click();
  await both(chair, "a family after its meeting");
  await chair.getByRole("link", { name: "Chronology" }).click();
  await both(chair, "a family’s chronology");
  await chair.goBack();
  await chair.getByRole("link", { name: /24 November 2026/ }).first().click();
  await both(chair, "a record");
});

test("signing in says what is wrong and keeps the address", async ({ server, browser }) => {
  const context = await browser.newContext({ viewport: { width: 1366, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${server.url}/sign-in`);
  await accessible(page, "the sign-in page");
  await reads(page, "the sign-in page");
  await page.getByLabel("E-mail").fill("somebody@example.invalid");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.locator(".govuk-error-summary")).toContainText("E-mail or password is not right");
  await expect(page.getByLabel("E-mail")).toHaveValue("somebody@example.invalid");
  await expect(page.getByLabel("Password")).toHaveValue("");
  await accessible(page, "a refused sign-in");
  await context.close();
});

/// What the keyboard comes to, from the scene on and back, that something stands over.
async function behindBars(page) {
  await page.locator(".cr-scene").focus();
  const hidden = [];
  for (const key of ["Tab", "Shift+Tab"]) {
    for (let presses = 0; presses < 30; presses++) {
      await page.keyboard.press(key);
      const behind = await page.evaluate(() => {
        const control = document.activeElement;
        if (!control?.closest(".cr-meeting")) return null;
        const { left, top, width, height } = control.getBoundingClientRect();
        const [x, y] = [left + width / 2, top + Math.min(height, innerHeight) / 2];
        const there = document.elementFromPoint(x, y);
        return there && (control.contains(there) || there.contains(control)) ? null : `${control.tagName} ${control.textContent.trim().slice(0, 30)} at ${Math.round(x)}, ${Math.round(y)} under ${there?.className}`;
      });
      if (behind) hidden.push(behind);
    }
  }
  return hidden;
}

for (const [template, headings, sizes] of [["Light", ["Views", "Decide"], [[320, 256], [390, 844], [1366, 768]]], ["Full", ["Last steps", "Views", "Scores", "Decide", "Who does", "Read back"], [[320, 256]]]]) {
  test(`at 320 × 256, as a page at 400 % is, nothing that has focus is behind a bar: ${template}`, async ({ server, person }) => {
    test.setTimeout(120_000);
    const chair = await person(PEOPLE.chair);
    await planWith(chair, server, ["FS-3046"], template);
    await live(chair);
    await chair.getByRole("button", { name: "Open meeting" }).click();
    await chair.getByRole("button", { name: "Start this family", exact: true }).click();
    for (const [width, height] of sizes) {
      await chair.setViewportSize({ width, height });
      for (const heading of headings) {
        await look(chair, heading);
        expect(await behindBars(chair), `${heading} at ${width} × ${height}`).toEqual([]);
        expect(await chair.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${heading} at ${width} × ${height}: no sideways scrolling`).toBeLessThanOrEqual(0);
      }
    }
    // The chair's own menu opens on the page, and the keyboard comes to each of its lines.
    const [width, height] = sizes[0];
    await chair.setViewportSize({ width, height });
    await chair.locator(".cr-bar .cr-more > summary").press("Enter");
    const lines = chair.locator(".cr-bar .cr-more__content").getByRole("button");
    expect(await lines.count()).toBeGreaterThan(2);
    for (let line = 0; line < (await lines.count()); line++) {
      await chair.keyboard.press("Tab");
      await expect(lines.nth(line)).toBeFocused();
      await expect(lines.nth(line)).toBeInViewport({ ratio: 0.9 });
    }
  });
}

test("whoever set their browser to large text has the scene in sight, not the bars", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await look(chair, "Decide");
  const session = await chair.context().newCDPSession(chair);
  await session.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
  // Breakpoints are in the size of the text: the layout of a small screen, whose bars let go.
  await expect(chair.locator(".cr-headings")).toBeHidden();
  const room = await chair.evaluate(() => {
    scrollTo(0, 0);
    return { scene: document.querySelector(".cr-scene").getBoundingClientRect().top, bar: getComputedStyle(document.querySelector(".cr-bar")).position };
  });
  expect(room.scene).toBeLessThanOrEqual(200);
  expect(room.bar).toBe("static");
  await accessible(chair, "a meeting with large text");
});

test("in forced colours, every state is told by more than colour and weight", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair, { forcedColors: "active" });
  const worker = await person(WORKER, { forcedColors: "active" });
  const meeting = await plan(chair, server, ["FS-3046", "FS-3004"]);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await toFamily(chair, "FS-3046");
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await chair.getByRole("button", { name: "Everybody is in the room" }).first().click();
  await openPeople(chair);
  await chair.getByRole("button", { name: "On the call: Nadia Quoin" }).click();
  await chair.getByRole("button", { name: "Apologies: Damian Kingcup" }).click();
  await expect(chair.getByRole("button", { name: "Apologies: Damian Kingcup" })).toHaveAttribute("aria-pressed", "true");
  const taps = chair.locator(".cr-attendance .cr-tap");
  const background = (pressed) => taps.and(chair.locator(`[aria-pressed="${pressed}"]`)).first().evaluate((tap) => getComputedStyle(tap).backgroundColor);
  expect(await background(true), "a mark that is set").not.toBe(await background(false));
  await chair.keyboard.press("Escape");
  expect(await chair.evaluate(() => matchMedia("(forced-colors: active)").matches)).toBe(true);
  /// What the eye can tell an element by, where all colours are the system's.
  const shape = (locator) => locator.evaluate((element) => {
    const style = getComputedStyle(element);
    const edge = ["Top", "Right", "Bottom", "Left"].map((side) => `${style[`border${side}Style`]} ${style[`border${side}Width`]} ${style[`border${side}Color`]}`);
    return JSON.stringify([edge, style.borderRadius, style.textDecorationLine, style.backgroundColor]);
  });
  const different = async (one, other, what) => expect(await shape(one), what).not.toBe(await shape(other));
  const headings = chair.locator(".cr-headings__one");
  await different(headings.nth(0).locator("a"), headings.nth(1).locator("a"), "the heading on the page");
  await different(chair.locator(".cr-agenda-line__place--shown"), chair.locator(".cr-agenda-line__place:not(.cr-agenda-line__place--shown)"), "the family on the page");
  await different(chair.locator('.cr-beside [aria-selected="true"]'), chair.locator('.cr-beside [aria-selected="false"]').first(), "the tab");
  const chip = (how) => chair.locator(`.cr-chip--${how}`).first();
  for (const [one, other] of [["room", "call"], ["room", "apologies"], ["call", "apologies"]]) await different(chip(one), chip(other), `initials: ${one} and ${other}`);
  await look(chair, "Decide");
  const decision = chair.locator(".cr-decision").first();
  await decision.getByLabel("What is decided").selectOption({ label: "Continue with the plan" });
  await decision.getByLabel("Why", { exact: true }).fill("Calmer.");
  await decision.getByRole("button", { name: "Propose this decision" }).click();
  const wording = decision.locator(".cr-wording");
  await expect(wording).toBeVisible();
  const proposed = await shape(wording);
  await accessible(chair, "a proposal in forced colours");
  await chair.getByRole("button", { name: /^Confirm / }).click();
  await expect(wording).toContainText("Confirmed by");
  expect(await shape(wording), "proposed and decided").not.toBe(proposed);
  // Every button and field has an edge to be seen by.
  await look(worker, "Views");
  for (const page of [chair, worker]) {
    const bare = await page.evaluate(() => [...document.querySelectorAll(".cr-meeting button, .cr-meeting input:not([type=hidden]), .cr-meeting textarea, .cr-meeting select, .cr-meeting summary")]
      .filter((control) => control.checkVisibility({ visibilityProperty: true }))
      .filter((control) => {
        const style = getComputedStyle(control);
        const edge = ["Top", "Right", "Bottom", "Left"].some((side) => style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) > 0);
        return !edge && !style.textDecorationLine.includes("underline");
      })
      .map((control) => control.outerHTML.slice(0, 80)));
    expect(bare, "controls without an edge or an underline").toEqual([]);
  }
});
