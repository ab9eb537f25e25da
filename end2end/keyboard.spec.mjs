// The chair's journey without a mouse: every control is reached with Tab, seen when it has focus, and
// after each press the keyboard goes on from where it was.
import { PEOPLE, accessible, analysisOf, begun, expect, live, plan, planWith, test, turnTo, finish, look, scene } from "./caseround.mjs";

/// Presses Tab until this control has focus, and checks that one can see it has.
async function tabTo(page, control) {
  await expect(control).toBeVisible();
  for (let presses = 0; presses < 200; presses++) {
    if (await control.evaluate((element) => element === document.activeElement)) {
      const seen = await control.evaluate((element) => {
        const style = getComputedStyle(element);
        return style.outlineStyle !== "none" || style.boxShadow !== "none";
      });
      expect(seen, "focus can be seen").toBe(true);
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${control}`);
}

/// Presses a control, and checks that focus stays on the page once the press has come to something.
async function pressed(page, control, key, outcome) {
  await tabTo(page, control);
  await page.keyboard.press(key);
  await outcome();
  await expect.poll(() => page.evaluate(() => document.activeElement.tagName), "focus is not lost").not.toBe("BODY");
}

/// Chooses from the focused list by typing its first letters.
async function chosen(page, list, letters) {
  await tabTo(page, list);
  await page.keyboard.type(letters);
}

const [press, choose] = [pressed, chosen];

test("the chair's journey with the keyboard alone", async ({ person }) => {
  const chair = await person(PEOPLE.chair);
  const on = (name, options = {}) => chair.getByRole("button", { name, exact: true, ...options });
  await tabTo(chair, chair.getByRole("button", { name: "Plan a meeting" }).or(chair.getByRole("link", { name: "Plan a meeting" })).first());
  await chair.keyboard.press("Enter");
  await chair.waitForURL(/meetings\/new/);
  await tabTo(chair, chair.locator(".cr-plan__family", { hasText: "FS-3046" }).getByRole("checkbox"));
  await chair.keyboard.press("Space");
  await tabTo(chair, on("Save the plan"));
  await chair.keyboard.press("Enter");
  await chair.waitForURL(/\/meetings\/[0-9a-f-]{36}$/);
  await live(chair);

  await press(chair, on("Open meeting"), "Enter", () => expect(on("Start this family")).toBeVisible());
  await press(chair, on("Start this family"), "Enter", () => expect(chair.locator("#next-stage")).toBeVisible());
  await press(chair, on("Everybody is in the room"), "Enter", () => expect(on("Everybody is in the room")).toHaveCount(0));
  const menu = chair.locator(".cr-bar .cr-more > summary");
  await press(chair, menu, "Enter", () => expect(on("Pause")).toBeVisible());
  await press(chair, on("Pause"), "Enter", () => expect(on("Resume")).toBeVisible());
  await press(chair, on("Resume"), "Space", () => expect(on("Pause")).toBeVisible());
  await chair.keyboard.press("Escape");
  await press(chair, chair.locator(".cr-people > summary"), "Enter", () =>
    expect(on("In the room: Nadia Quoin")).toHaveAttribute("aria-pressed", "true"));
  await press(chair, on("Apologies: Damian Kingcup"), "Space", () =>
    expect(on("Apologies: Damian Kingcup")).toHaveAttribute("aria-pressed", "true"));
  await expect(on("Apologies: Damian Kingcup"), "focus stays on the tap").toBeFocused();

  const views = chair.locator(".cr-headings a", { hasText: "Views" });
  await press(chair, views, "Enter", () => expect(views).toHaveAttribute("aria-current", "page"));
  const recorded = chair.getByRole("group", { name: "For Nadia Quoin" });
  await press(chair, chair.getByText("Record somebody’s words for them"), "Enter", () => expect(chair.getByText("Record for Nadia Quoin", { exact: true })).toBeVisible());
  await press(chair, chair.getByText("Record for Nadia Quoin", { exact: true }), "Enter", () => expect(recorded.getByRole("textbox")).toBeVisible());
  await tabTo(chair, recorded.getByRole("textbox"));
  await chair.keyboard.type("Mum feels heard.");
  await expect(recorded.locator(".cr-state")).toHaveText("Saved");

  const decide = chair.locator(".cr-headings a", { hasText: "Decide" });
  await press(chair, decide, "Enter", () => expect(decide).toHaveAttribute("aria-current", "page"));
  const decision = chair.locator(".cr-decision").first();
  await choose(chair, decision.getByLabel("What is decided"), "Continue");
  await tabTo(chair, decision.getByLabel("Why", { exact: true }));
  await chair.keyboard.type("School is steady.");
  await press(chair, decision.getByRole("button", { name: "Propose this decision" }), "Enter", () =>
    expect(decision.locator(".cr-wording")).toContainText("School is steady"));
  await press(chair, decision.getByRole("button", { name: /^Record that (all|the others) agree$/ }), "Enter", () =>
    expect(decision.locator(".cr-stances")).toContainText(/Agree: .*Nadia Quoin/));
  await press(chair, chair.getByRole("button", { name: /^Confirm / }), "Enter", () =>
    expect(decision.locator(".cr-wording")).toContainText("Confirmed by Zara Northlight"));

  const steps = chair.locator(".cr-add-step");
  await tabTo(chair, steps.getByLabel("What", { exact: true }));
  for (const what of ["Ring the school", "Visit on Tuesday"]) {
    await chair.keyboard.type(what);
    await chair.keyboard.press("Tab");
    await chair.keyboard.type("Julian Y");
    await chair.keyboard.press("Tab");
    await chair.keyboard.type("8/12/2026");
    await chair.keyboard.press("Enter");
    await expect(chair.locator(".cr-next-steps__list")).toContainText(what);
    await expect(steps.getByLabel("What", { exact: true })).toBeFocused();
  }
  await expect(chair.locator(".cr-next-steps__step", { hasText: "Visit on Tuesday" })).toContainText("Julian Yardarm");
  await press(chair, menu, "Enter", () => expect(on("Finish this family")).toBeVisible());
  await press(chair, on("Finish this family"), "Enter", () => expect(chair.getByRole("heading", { name: /finished at/ })).toBeVisible());
  // A page of its own says what closing does; from its top the keyboard comes to the button.
  await tabTo(chair, on("Close meeting"));
  await chair.keyboard.press("Enter");
  await chair.waitForURL(/\/close$/);
  await tabTo(chair, on("Close meeting"));
  await chair.keyboard.press("Enter");
  await expect(chair.getByRole("heading", { name: "This meeting is closed" })).toBeVisible();
  // It leads on to what waits to be signed.
  await expect(chair.getByRole("link", { name: "Read and sign" })).toBeVisible();
  await accessible(chair, "what a closed meeting leads to");
  await tabTo(chair, chair.getByRole("link", { name: "Back to the meeting" }));
  await chair.keyboard.press("Enter");
  await expect(chair.getByText(/^Closed at/)).toBeVisible();
  await accessible(chair, "a closed meeting");
});

test("Ctrl and Enter press the one button of the form one is in, and none that settles something", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person);
  await turnTo(chair, "Decide");
  await chair.getByLabel("What is decided").selectOption({ label: "Close" });
  await chair.getByLabel("Why", { exact: true }).fill("All is well.");
  await chair.getByLabel("Why", { exact: true }).press("Control+Enter");
  const state = chair.locator(".cr-decision__state");
  await expect(state).toHaveText("· proposed, not yet confirmed");
  await expect(chair.getByText("Why: All is well.")).toBeVisible();
  // Of three answers none is chosen by keys.
  await worker.getByLabel(/Your reason/).fill("Too early.");
  await worker.getByLabel(/Your reason/).press("Control+Enter");
  await chair.getByRole("button", { name: /^Confirm / }).press("Control+Enter");
  await chair.waitForTimeout(500);
  await expect(state).toHaveText("· proposed, not yet confirmed");
  await expect(worker.locator(".cr-stances")).not.toContainText("Julian Yardarm: ");
  const steps = chair.locator(".cr-add-step");
  await steps.getByLabel("What", { exact: true }).fill("Ring the school");
  await steps.getByLabel("What", { exact: true }).press("Control+Enter");
  await expect(chair.locator(".cr-next-steps__step")).toHaveText([/Ring the school/]);
  // What is refused is said of its field.
  const due = steps.getByLabel("By when");
  await steps.getByLabel("What", { exact: true }).fill("Visit");
  await due.fill("31/31/2026");
  await due.press("Enter");
  await expect(due).toHaveAccessibleDescription(/is not a date/);
  await due.fill("8/12/2026");
  await due.press("Enter");
  await expect(chair.locator(".cr-next-steps__step")).toHaveCount(2);
  await expect(due).not.toHaveAccessibleDescription(/is not a date/);
});

test("a family of 45 minutes under the full template, with the keyboard alone: at most 1.3 times the mouse's actions", async ({ server, person }) => {
  test.setTimeout(240_000);
  // What the same takes with a mouse: a press for each thing that is done.
  let mouse = 0;
  const both = () => mouse++;
  const chair = await person(PEOPLE.chair);
  // The page counts the keys that do something: all but Tab and what is typed. Letters that choose from a list are one.
  await chair.addInitScript(() => {
    window.keys = 0;
    let chosenIn = null;
    addEventListener("keydown", ({ key, target }) => {
      const letter = key.length === 1;
      const writes = target.matches("textarea, [contenteditable], input:not([type=radio], [type=checkbox])");
      const goesOn = letter && chosenIn === target;
      chosenIn = letter && target.matches("select") ? target : null;
      if (!["Tab", "Shift"].includes(key) && !(letter && writes) && !goesOn) window.keys++;
    }, true);
  });
  await planWith(chair, server, ["FS-3046"]);
  await live(chair);
  const on = (name, options = {}) => chair.getByRole("button", { name, exact: true, ...options });
  const write = async (field, words, key) => {
    await tabTo(chair, field);
    await chair.keyboard.type(words);
    if (!key) return;
    await chair.keyboard.press(key);
    both();
  };
  const press = async (...what) => { await pressed(...what); both(); };
  const choose = async (...what) => { await chosen(...what); both(); };
  // "Next", and the keyboard goes on at the heading that comes.
  const turn = (title) => turnTo(chair, title, async (next) => {
    await tabTo(chair, next);
    await chair.keyboard.press("Enter");
    both();
    await expect(chair.locator("#scene"), "the keyboard goes on from here").toBeFocused();
  });
  await press(chair, on("Open meeting"), "Enter", () => expect(on("Start this family")).toBeVisible());
  await press(chair, on("Start this family"), "Enter", () => expect(chair.locator("#next-stage")).toBeVisible());
  await press(chair, on("Everybody is in the room"), "Enter", () => expect(on("Everybody is in the room")).toHaveCount(0));
  await press(chair, chair.locator(".cr-people > summary"), "Enter", () =>
    expect(on("In the room: Nadia Quoin")).toHaveAttribute("aria-pressed", "true"));
  // People stand in the order of their names, which is the order one tabs through.
  for (const name of ["Josephine Slipway", "Nadia Quoin"]) {
    await press(chair, on(`On the call: ${name}`), "Space", () => expect(on(`On the call: ${name}`)).toHaveAttribute("aria-pressed", "true"));
  }
  await press(chair, chair.getByText("Ask one question for today"), "Enter", () => expect(chair.locator("#ask-today")).toBeVisible());
  await write(chair.locator("#ask-today"), "What would make nights calmer?", "Enter");
  await expect(scene(chair).getByText("What would make nights calmer?").first()).toBeVisible();

  await turn("Review last month's steps");
  await turn("Each child's life now");
  await write(scene(chair).getByRole("textbox").first(), "Ottilie gets the little ones dressed.");
  await turn("Everyone's view");
  const recorded = chair.getByRole("group", { name: "For Nadia Quoin" });
  await press(chair, chair.getByText("Record somebody’s words for them"), "Enter", () => expect(chair.getByText("Record for Nadia Quoin", { exact: true })).toBeVisible());
  await press(chair, chair.getByText("Record for Nadia Quoin", { exact: true }), "Enter", () => expect(recorded.getByRole("textbox")).toBeVisible());
  await write(recorded.getByRole("textbox"), "Told: mum feels heard.");
  await expect(recorded.locator(".cr-state")).toHaveText("Saved");

  await turn("Scores");
  const scale = chair.locator(".cr-scale").first();
  await tabTo(chair, scale.getByRole("radio").first());
  for (let presses = 0; presses < 7; presses++) await chair.keyboard.press("ArrowRight");
  both();
  await expect(chair.getByText("You gave 7.")).toBeVisible();
  await press(chair, chair.getByText("For somebody on the call").first(), "Enter", () => expect(chair.getByLabel("Said on the call by").first()).toBeVisible());
  await choose(chair, chair.getByLabel("Said on the call by").first(), "Nadia");
  const call = chair.locator("details.cr-fold", { hasText: "Said on the call by" }).first();
  await choose(chair, call.getByLabel("Their number").first(), "3");
  await press(chair, call.getByRole("button", { name: "Keep their number" }).first(), "Enter", () => expect(chair.getByText(/, 2 some of them/)).toBeVisible());
  await press(chair, on("Reveal the numbers"), "Enter", () => expect(chair.getByText("Furthest apart").first()).toBeVisible());

  await turn("What we think it means");
  await write(scene(chair).getByRole("textbox").first(), "She carries too much.");
  await turn("Decide, child by child");
  await write(chair.locator("#option-what"), "Wait a month", "Enter");
  await expect(scene(chair).getByText("Wait a month").first()).toBeVisible();
  const decision = chair.locator(".cr-decision").first();
  await choose(chair, decision.getByLabel("What is decided"), "Continue with");
  await write(decision.getByLabel("Why", { exact: true }), "School is steady.");
  await press(chair, decision.getByRole("button", { name: "Propose this decision" }), "Enter", () =>
    expect(decision.locator(".cr-wording")).toContainText("School is steady"));
  await press(chair, decision.getByRole("button", { name: /^Record that (all|the others) agree$/ }), "Enter", () =>
    expect(decision.locator(".cr-stances")).toContainText(/Agree: .*Nadia Quoin/));

  await turn("Who does what");
  const steps = chair.locator(".cr-add-step");
  for (const [n, who] of ["@eskdale", "@nadia", "@josephine"].entries()) {
    await write(steps.getByLabel("What", { exact: true }), `${who} step ${n}`);
    await write(steps.getByLabel("By when"), "fri", "Enter");
    await expect(chair.locator(".cr-next-steps__step")).toHaveCount(n + 1);
  }
  await write(chair.locator("#if-happens"), "nobody answers the door");
  await write(chair.locator("#if-then"), "Julian Yardarm goes there the same day", "Enter");
  await expect(chair.getByText("If nobody answers the door").first()).toBeVisible();
  await choose(chair, chair.locator("#converse-who"), "Nadia");
  await tabTo(chair, chair.locator("#converse-with"));
  await chair.keyboard.press("ArrowDown");
  both();
  await write(chair.locator("#converse-what"), "what a calm evening is like", "Enter");
  await expect(scene(chair).getByText("what a calm evening is like").first()).toBeVisible();

  await turn("Read back");
  await press(chair, on("Confirm what was read back"), "Enter", () => expect(scene(chair)).toContainText("· decided"));
  await press(chair, on("Finish this family"), "Enter", () => expect(chair.getByRole("heading", { name: /finished at/ })).toBeVisible());
  const keys = await chair.evaluate(() => window.keys);
  expect(keys, "the page counted").toBeGreaterThan(mouse / 2);
  expect(keys, `${keys} keys for ${mouse} actions of the mouse`).toBeLessThanOrEqual(1.3 * mouse);
  console.log(`   full template by keyboard: ${keys} keys, ${mouse} actions of the mouse`);
});

test("what a worker needs beyond typing: two actions", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person("julian.yardarm.7002@example.invalid");
  const meeting = await plan(chair, server, ["FS-3046"]);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await chair.getByRole("button", { name: "Everybody is in the room" }).click();
  let actions = 0;
  const act = async (work) => { actions++; await work(); };
  // The page follows the chair; the worker goes to their box, and says where they stand.
  await look(worker, "Views");
  await act(() => analysisOf(worker).click());
  await worker.keyboard.type("Ottilie laughs again at school.");
  await expect(worker.locator(".cr-box--mine", { hasText: "My analysis" }).locator(".cr-state")).toHaveText("Saved");
  await look(chair, "Decide");
  const decision = chair.locator(".cr-decision").first();
  await decision.getByLabel("What is decided").selectOption({ label: "Continue with the plan" });
  await decision.getByRole("button", { name: "Propose this decision" }).click();
  await look(worker, "Decide");
  await act(() => worker.getByRole("button", { name: "Agree", exact: true }).click());
  await expect(chair.locator(".cr-stances")).toContainText(/Agree: .*Julian Yardarm/);
  await chair.getByRole("button", { name: /^Confirm / }).click();
  await finish(chair);
  await expect(worker.getByRole("heading", { name: /finished at/ })).toBeVisible();
  expect(actions, "actions beyond typing").toBeLessThanOrEqual(2);
  console.log(`   worker: ${actions} actions beyond typing`);
});
