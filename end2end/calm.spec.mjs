// How calm the live page is: every state of three templates as chair and specialist, on a desk, a phone and the wall. It
// prints a table; SHOTS=folder writes a picture of each state.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { act, PEOPLE, expect, live, open, planWith, test, toFamily } from "./caseround.mjs";

const SPECIALIST = "nadia.quoin.7008@example.invalid";
const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

/// What a person has before them.
const figures = (page) =>
  page.evaluate(() => {
    const inSight = (element) => {
      const { top, bottom, left, right, width, height } = element.getBoundingClientRect();
      return width > 0 && height > 0 && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth && element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
    };
    const all = (selector) => [...document.querySelectorAll(selector)].filter(inSight);
    const words = [...document.querySelectorAll("main p, main li, main h1, main h2, main h3, main label, main button, main a, main textarea, main input, main summary, main span, main text")].filter((element) => element.textContent.trim() && element.checkVisibility() && !element.closest(".govuk-visually-hidden, [hidden]"));
    const small = (element) => parseFloat(getComputedStyle(element).fontSize) * (element.ownerSVGElement ? element.ownerSVGElement.getBoundingClientRect().width / element.ownerSVGElement.viewBox.baseVal.width : 1);
    const whole = (element) => !!element && inSight(element) && element.scrollWidth <= element.clientWidth + (getComputedStyle(element).display === "inline" ? Infinity : 0);
    const first = document.querySelector("#heading");
    const box = document.querySelector(".cr-box--mine textarea");
    return {
      content: first ? Math.round(first.getBoundingClientRect().top + scrollY) : null,
      box: box ? Math.round(box.getBoundingClientRect().top + scrollY) : null,
      height: document.documentElement.scrollHeight,
      disclosures: all("summary").length,
      buttons: all("button, input[type=submit]").filter((button) => button.getAttribute("role") !== "tab").length,
      primary: all(".cr-meeting .govuk-button:not(.govuk-button--secondary)").length,
      identity: whole(document.querySelector(".cr-identity__family strong") ?? document.querySelector(".cr-identity__family")),
      smallest: Math.round(Math.min(...words.map(small)) * 10) / 10,
      wide: document.documentElement.scrollWidth - innerWidth,
    };
  });

const rows = [];
async function look(page, who, where, limits) {
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForTimeout(150);
  const found = await figures(page);
  rows.push({ who, where, ...found });
  if (shots) await page.screenshot({ path: join(shots, `${who} ${where}.png`.replace(/[^\w.-]+/g, "-")), fullPage: true });
  const state = `${who}, ${where}`;
  expect.soft(found.wide, `${state}: no sideways scrolling`).toBeLessThanOrEqual(0);
  if (limits.content && found.content !== null) expect.soft(found.content, `${state}: where content begins`).toBeLessThanOrEqual(limits.content);
  const own = /Views|Worries/.test(where);
  if (own && /specialist|guest|^\w+ phone/.test(who)) expect.soft(found.box, `${state}: one's own box`).not.toBeNull();
  if (own && limits.box && found.box !== null) expect.soft(found.box, `${state}: where one's own box begins`).toBeLessThanOrEqual(limits.box);
  expect.soft(found.height, `${state}: how long the page is`).toBeLessThanOrEqual(limits.height);
  expect.soft(found.disclosures, `${state}: disclosures and menus in sight`).toBeLessThanOrEqual(8);
  expect.soft(found.buttons, `${state}: buttons in sight`).toBeLessThanOrEqual(14);
  expect.soft(found.primary, `${state}: primary buttons`).toBeLessThanOrEqual(1);
  expect.soft(found.identity, `${state}: whose discussion it is`).toBe(true);
  expect.soft(found.smallest, `${state}: the smallest type`).toBeGreaterThanOrEqual(16);
}

/// The smallest words on the wall: of a usual family, and of five children, nine people and eight steps.
const WALL = 36;
const CROWDED_WALL = 28;
// A box of 120 px that begins there is in the first screen.
const DESK = { content: 200, height: 2 * 768, box: 768 - 120 };
const PHONE = { height: 3 * 844, box: 844 - 120 };

/// The wall shows a heading whole, and large enough to be read from the end of the room.
async function lookAtWall(wall, name, where, heading, floor) {
  await expect(wall.locator(".cr-wall__heading")).toHaveText(heading);
  await wall.waitForFunction(() => document.documentElement.scrollHeight <= 1080);
  const smallest = await wall.evaluate(() => Math.min(...[...document.querySelectorAll(".cr-wall :is(p, li, h2, h3)")].filter((element) => element.textContent.trim() && element.checkVisibility()).map((element) => parseFloat(getComputedStyle(element).fontSize))));
  rows.push({ who: `${name} wall`, where, smallest: Math.round(smallest) });
  expect.soft(smallest, `the wall of ${name}, ${where}: the smallest type`).toBeGreaterThanOrEqual(floor);
  if (shots) await wall.screenshot({ path: join(shots, `${name}-wall-${where}.png`.replace(/[^\w.-]+/g, "-")) });
}

for (const template of ["Light", "Full", "Signs of Safety headings"]) {
  test(`every heading of ${template} is calm`, async ({ server, person }) => {
    test.setTimeout(240_000);
    const chair = await person(PEOPLE.chair, { viewport: { width: 1366, height: 768 } });
    const worker = await person(SPECIALIST, { viewport: { width: 1366, height: 768 } });
    const phone = await person(SPECIALIST, { viewport: { width: 390, height: 844 } });
    const meeting = await planWith(chair, server, ["FS-3046", "FS-3004"], template);
    await Promise.all([worker, phone].map((page) => page.goto(meeting)));
    await Promise.all([chair, worker, phone].map(live));
    const name = template.split(" ")[0];
    await look(chair, `${name} chair`, "planned", DESK);
    await chair.getByRole("button", { name: "Open meeting" }).click();
    await toFamily(chair, "FS-3046");
    await look(chair, `${name} chair`, "before it begins", DESK);
    await chair.getByRole("button", { name: "Start this family", exact: true }).click();
    const wall = await chair.context().newPage();
    await wall.setViewportSize({ width: 1920, height: 1080 });
    await wall.goto(`${meeting}?view=room`);
    // Who takes the record, who is brought in for this family, who stands out.
    const slot = await chair.locator("input[name='form[slot]']").first().inputValue();
    const choose = (field, name) => chair.locator(`select[name='form[${field}]'] option`, { hasText: name }).first().getAttribute("value");
    expect(await act(chair, { slot, act: "bring_in", worker: await choose("worker", "Karolina Nutbrown"), why: "knows the school" })).toBe("");
    await chair.getByRole("button", { name: "Everybody is in the room" }).first().click();
    const others = [];
    for (const [who, mail] of [["record-taker", PEOPLE.recordTaker], ["guest", "karolina.nutbrown.7032@example.invalid"], ["standing out", "josephine.slipway.7010@example.invalid"]]) {
      const page = await person(mail, { viewport: { width: 1366, height: 768 } });
      await page.goto(meeting);
      await live(page);
      others.push([who, page]);
    }
    expect(await act(others[2][1], { slot, act: "stand_out", how: "out" })).toBe("");
    const names = await chair.locator(".cr-headings__name").evaluateAll((names) => names.map((name) => name.firstChild.textContent.trim()));
    /// A decision is proposed, and somebody disagrees.
    const decide = async () => {
      const decision = chair.locator(".cr-decision").first();
      await decision.getByLabel("What is decided").selectOption({ index: 2 });
      await decision.getByLabel("Why", { exact: true }).fill("Two calls from school in a week, and Ottilie is getting the little ones up.");
      await decision.getByRole("button", { name: "Propose this decision" }).click();
      await look(phone, `${name} phone`, "Decide, proposed", PHONE);
      await worker.getByLabel("Your reason (you can add it later)").fill("Nobody has seen Ottilie alone since April.");
      await worker.getByRole("button", { name: "Disagree", exact: true }).click();
      await expect(decision.locator(".cr-stances")).toContainText("Nadia Quoin: Disagree");
      await decision.getByRole("button", { name: /^Record that (all|the others) agree$/ }).click();
      await expect(decision.locator(".cr-tally")).not.toContainText("not answered");
      for (const page of [chair, worker]) await page.mouse.move(0, 0);
      await look(chair, `${name} chair`, "Decide, answered", DESK);
      await look(worker, `${name} specialist`, "Decide, answered", DESK);
      await lookAtWall(wall, name, "Decide, answered", await chair.locator("#heading").innerText(), WALL);
    };
    for (const [at, heading] of names.entries()) {
      if (at > 0) await chair.locator("#next-stage").click();
      for (const page of [chair, worker, phone]) await expect(page.locator(`.cr-scene__heading[data-heading="${at}"]`)).toBeVisible();
      await look(chair, `${name} chair`, `${at + 1} ${heading}`, DESK);
      await look(worker, `${name} specialist`, `${at + 1} ${heading}`, DESK);
      await look(phone, `${name} phone`, `${at + 1} ${heading}`, PHONE);
      for (const [who, page] of others.slice(0, 2)) {
        await expect(page.locator(`.cr-scene__heading[data-heading="${at}"]`)).toBeVisible();
        await look(page, `${name} ${who}`, `${at + 1} ${heading}`, DESK);
      }
      if (at === 0) await look(others[2][1], `${name} ${others[2][0]}`, `${at + 1} ${heading}`, DESK);
      await lookAtWall(wall, name, `${at + 1} ${heading}`, await chair.locator("#heading").innerText(), WALL);
      if (heading === "Decide") await decide();
    }
    await chair.getByRole("button", { name: "Finish this family" }).click();
    await expect(chair.getByRole("heading", { name: /FS-3046 finished at/ })).toBeVisible();
    await look(chair, `${name} chair`, "finished", DESK);
  });
}

test("a manager who looks in while another chairs has a calm page", async ({ server, person }) => {
  const manager = await person(PEOPLE.chair, { viewport: { width: 1366, height: 768 } });
  const deputy = await person("magnus.jetty.7006@example.invalid", { viewport: { width: 1366, height: 768 } });
  const meeting = await planWith(manager, server, ["FS-3046", "FS-3004"], "Full");
  await live(manager);
  await manager.getByRole("button", { name: "Open meeting" }).click();
  await toFamily(manager, "FS-3046");
  await manager.getByRole("button", { name: "Start this family", exact: true }).click();
  await expect(manager.locator(".cr-bar")).toBeVisible();
  const to = await manager.locator("select[name='form[to]'] option", { hasText: "Magnus Jetty" }).first().getAttribute("value");
  expect(await act(manager, { act: "hand_over_chair", to })).toBe("");
  await deputy.goto(meeting);
  await live(deputy);
  const names = await deputy.locator(".cr-headings__name").evaluateAll((names) => names.map((name) => name.firstChild.textContent.trim()));
  for (const [at, heading] of names.entries()) {
    if (at > 0) await deputy.locator("#next-stage").click();
    for (const [who, page] of [["manager", manager], ["deputy", deputy]]) {
      await expect(page.locator(`.cr-scene__heading[data-heading="${at}"]`)).toBeVisible();
      await look(page, who, `${at + 1} ${heading}`, DESK);
    }
  }
});

test("an agenda of fourteen families is one line", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair, { viewport: { width: 1366, height: 768 } });
  await chair.goto(`${server.url}/meetings/new`);
  const families = await chair.locator(".cr-plan__family").allInnerTexts();
  const references = families.map((words) => words.match(/FS-\d+/)[0]).slice(0, 14);
  await planWith(chair, server, references, "Light");
  await live(chair);
  await expect(chair.locator(".cr-agenda-line__count")).toHaveText("14 families");
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await toFamily(chair, references[11]);
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await expect(chair.locator(".cr-agenda-line__count")).toHaveText("12 of 14");
  await expect(chair.locator(".cr-agenda-line").getByRole("link", { name: references[11] })).toBeInViewport({ ratio: 1 });
  await look(chair, "fourteen families", "the chair", DESK);
  await chair.getByRole("link", { name: "All 14 families" }).click();
  await expect(chair.getByRole("list", { name: "The rest of the agenda" })).toContainText(references[13]);
  await expect(chair.locator("#beside")).toBeFocused();
  await chair.setViewportSize({ width: 1024, height: 768 });
  const heights = await chair.evaluate(() => [".cr-identity", ".cr-agenda-line"].map((bar) => Math.round(document.querySelector(bar).getBoundingClientRect().height)));
  expect(heights, "each bar is one line").toEqual([54, 42]);
});

/// Fills the family on the page as a long discussion of many people does.
async function fill(chair, slot) {
  const taken = async (fields) => expect(await act(chair, { slot, ...fields }), fields.act).toBe("");
  await taken({ act: "everybody_here" });
  const workers = await chair.locator(".cr-attendance__row input[name='form[worker]']").evaluateAll((fields) => fields.map((field) => field.value));
  await taken({ act: "attend", worker: workers[1], how: "call" });
  await taken({ act: "attend", worker: workers[2], how: "apologies" });
  const words = "Seen: both at breakfast, calm. Told: mum slept through. I think: the nights decide whether this holds.";
  for (const worker of workers.slice(0, 7)) await taken({ act: "write", area: `analysis-${worker}`, base: 0, text: words });
  return taken;
}

test("a full room is calm: five children, nine people, eight steps", async ({ server, person }) => {
  test.setTimeout(420_000);
  const desk = { viewport: { width: 1366, height: 768 } };
  const mobile = { viewport: { width: 390, height: 844 } };
  const chair = await person("kieran.beechnut.7025@example.invalid", desk);
  const taker = await person("theodore.riverdemo.7040@example.invalid", desk);
  const worker = await person("karolina.nutbrown.7032@example.invalid", desk);
  const phone = await person("carys.ropewalk.7044@example.invalid", mobile);
  const chairOnPhone = await person("kieran.beechnut.7025@example.invalid", mobile);
  const meeting = await planWith(chair, server, ["FS-3006", "FS-3012", "FS-3024"], "Full");
  const pages = [chair, taker, worker, phone, chairOnPhone];
  await Promise.all(pages.slice(1).map((page) => page.goto(meeting)));
  await Promise.all(pages.map(live));
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await toFamily(chair, "FS-3006");
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await expect(chair.locator(".cr-bar")).toBeVisible();
  const theodore = await taker.evaluate(() => document.querySelector("form[data-worker]").dataset.worker);
  const seen = await chair.locator("form:has(input[value=hand_over_record]) input[name='form[seen]']").inputValue();
  expect(await act(chair, { act: "hand_over_record", seen, to: theodore })).toBe("");
  await taker.getByText("You take the record now.").waitFor();
  await taker.locator(".cr-notice").getByRole("button", { name: "Hide this message" }).click();
  const slot = await chair.locator("input[name='form[slot]']").first().inputValue();
  for (const name of ["Harold Drumlin", "Tamsin Tidemark", "Leopold Zigzag", "Edmund Upcott", "Gwendoline Turnstile"]) {
    const worker = await chair.locator("select[name='form[to]'] option", { hasText: name }).first().getAttribute("value");
    expect(await act(chair, { slot, act: "bring_in", worker, why: "knows the family" })).toBe("");
  }
  await expect(chair.locator(".cr-attendance__row")).toHaveCount(9);
  const taken = await fill(chair, slot);
  for (let n = 1; n <= 8; n++) await taken({ act: "add_step", what: `Ring the school about week ${n}`, owner: "", due: "11 Dec", with: "", measure: "" });
  const wall = await chair.context().newPage();
  await wall.setViewportSize({ width: 1920, height: 1080 });
  await wall.goto(`${meeting}?view=room`);
  const names = await chair.locator(".cr-headings__name").evaluateAll((names) => names.map((name) => name.firstChild.textContent.trim()));
  const everywhere = async (where) => {
    await look(chair, "crowd chair", where, DESK);
    await look(taker, "crowd record-taker", where, DESK);
    await look(worker, "crowd specialist", where, DESK);
    await look(phone, "crowd phone", where, PHONE);
    await look(chairOnPhone, "crowd chair on a phone", where, PHONE);
    await lookAtWall(wall, "crowd", where, await chair.locator("#heading").innerText(), CROWDED_WALL);
  };
  for (const [at, heading] of names.entries()) {
    if (at > 0) await chair.locator("#next-stage").click();
    for (const page of pages) await expect(page.locator(`.cr-scene__heading[data-heading="${at}"]`)).toBeVisible();
    await everywhere(`${at + 1} ${heading}`);
    if (heading === "Decide") {
      const decision = chair.locator(".cr-decision").first();
      await open(decision.getByText("Decide separately for one child"));
      for (const decisions of [2, 3]) {
        // The same press again, before it is answered, would ask for nothing more.
        await decision.getByRole("button", { name: /^A decision of their own for/ }).first().click();
        await expect(chair.locator(".cr-decision")).toHaveCount(decisions);
      }
      await everywhere("Decide, apart");
      await decision.getByLabel("What is decided").selectOption({ index: 2 });
      await decision.getByLabel("Why", { exact: true }).fill("Two calls from school in a week, and the eldest is getting the little ones up.");
      await decision.getByRole("button", { name: "Propose this decision" }).click();
      await expect(worker.locator(".cr-decision").first()).toContainText("Two calls from school");
      await everywhere("Decide, one proposed");
      for (const child of ["Zeb", "Percy"]) {
        const row = chair.locator(".cr-decision", { has: chair.getByRole("heading", { name: new RegExp(`^Decision for ${child}`) }) });
        await row.getByRole("link", { name: /^Propose a decision/ }).click();
        await row.getByLabel("What is decided").selectOption({ index: 1 });
        await row.getByLabel("Why", { exact: true }).fill(`Everybody who works with ${child} says that school and the flat hold, and the nights still do not.`);
        await row.getByRole("button", { name: "Propose this decision" }).click();
        await expect(row).toContainText("proposed, not yet confirmed");
      }
      await everywhere("Decide, all proposed");
    }
  }
  for (const tab of ["Agenda", "Last time", "Note"]) {
    await chair.getByRole("tab", { name: tab }).click();
    await look(chair, "crowd chair", `beside: ${tab}`, DESK);
  }
});

test.afterAll(() => {
  for (const row of rows) console.log(Object.values(row).join("\t"));
});
