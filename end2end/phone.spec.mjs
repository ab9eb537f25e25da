// A specialist with nothing but a phone: the way to every family and heading, large text, and where the room is.
import { PEOPLE, accessible, analysisOf, around, expect, live, look, plan, test, turnTo } from "./caseround.mjs";

const WORKER = "josephine.slipway.7010@example.invalid";
const FAMILIES = ["FS-3046", "FS-3019", "FS-3040"];
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

async function begin(server, person) {
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER, PHONE);
  const meeting = await plan(chair, server, FAMILIES);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).first().click();
  await expect(worker.locator("#heading")).toContainText("Review last");
  return { chair, worker, meeting };
}

/// Nothing reaches past the screen's edge.
const fits = async (page, where) => expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${where} fits the screen`).toBeLessThanOrEqual(0);

test("on a phone every family of the agenda is two presses away, and so is the way back", async ({ server, person }) => {
  const { worker } = await begin(server, person);
  const bar = worker.locator(".cr-identity__family > strong");
  const room = await bar.innerText();
  const [other, third] = FAMILIES.filter((reference) => reference !== room);
  // By the heading's name, from the end of the page too: what opens is in sight.
  await worker.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await around(worker);
  const families = worker.getByRole("navigation", { name: "Families of this meeting" });
  for (const reference of FAMILIES) await expect(families.getByRole("link", { name: reference })).toBeInViewport({ ratio: 1 });
  await fits(worker, "the way around");
  await accessible(worker, "the way around on a phone");
  await families.getByRole("link", { name: other }).click();
  await expect(bar).toHaveText(other);
  // The page says where the room is, and goes there in one press.
  const back = worker.getByRole("group", { name: "Which family the room discusses" });
  await expect(back).toContainText(`The room is at ${room}.`);
  await expect(back).toBeInViewport();
  await around(worker);
  await fits(worker, "the way around from another family");
  await around(worker);
  await back.getByRole("link", { name: "Go there" }).click();
  await expect(bar).toHaveText(room);
  await expect(back).toHaveCount(0);
  // And from the agenda beside the scene.
  await worker.getByRole("tab", { name: "Agenda" }).click();
  await worker.locator(".cr-rest").getByRole("link", { name: third }).click();
  await expect(bar).toHaveText(third);
});

test("on a phone one's own words are one press away at every heading, and large text fits", async ({ server, person }) => {
  const { chair, worker } = await begin(server, person);
  await turnTo(chair, "Everyone's view");
  // The field stands still while its words are saved.
  await analysisOf(worker).focus();
  await worker.evaluate(() => {
    window.tops = new Set();
    const field = document.activeElement;
    const note = () => { window.tops.add(Math.round(field.getBoundingClientRect().top)); requestAnimationFrame(note); };
    note();
  });
  await analysisOf(worker).pressSequentially("Ottilie sleeps.", { delay: 60 });
  await expect(worker.locator(".cr-box--mine .cr-state")).toHaveText("Saved");
  expect(await worker.evaluate(() => [...window.tops])).toHaveLength(1);
  await turnTo(chair, "What it means");
  await worker.getByRole("link", { name: "Go there" }).click();
  await expect(worker.locator("#heading")).toContainText("What it means");
  await worker.getByRole("link", { name: "My analysis" }).click();
  await expect(analysisOf(worker)).toHaveValue("Ottilie sleeps.");
  await worker.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
  await fits(worker, "a heading with large text");
  for (const part of ["strong", ".cr-identity__name", ".cr-clock", ".cr-raise > summary"]) {
    const whole = await worker.locator(`.cr-identity ${part}`).first().evaluate((element) => element.scrollWidth <= element.clientWidth + 1 || getComputedStyle(element).display === "inline");
    expect(whole, `${part} is whole`).toBe(true);
    await expect(worker.locator(`.cr-identity ${part}`).first()).toBeInViewport({ ratio: 1 });
  }
  await around(worker);
  await fits(worker, "the way around with large text");
});

test("the phone's back button leads to what one looked at before, and not out of the meeting", async ({ server, person }) => {
  const { chair, worker } = await begin(server, person);
  const bar = worker.locator(".cr-identity__family > strong");
  const heading = worker.locator("#heading");
  const room = await bar.innerText();
  await look(worker, "Views");
  await expect(heading).toContainText("Everyone's view");
  await analysisOf(worker).fill("Ottilie sleeps.");
  await around(worker);
  await worker.getByRole("navigation", { name: "Families of this meeting" }).getByRole("link", { name: FAMILIES.find((reference) => reference !== room) }).click();
  await expect(bar).not.toHaveText(room);
  await worker.goBack();
  await expect(bar).toHaveText(room);
  await expect(heading).toContainText("Everyone's view");
  await expect(analysisOf(worker)).toHaveValue("Ottilie sleeps.");
  await worker.goBack();
  await expect(heading).toContainText("Review last");
  // Following again, and forward to what one had looked at.
  await worker.goForward();
  await expect(heading).toContainText("Everyone's view");
  await worker.goBack();
  await expect(heading).toContainText("Review last");
  await turnTo(chair, "Everyone's view");
  await expect(heading).toContainText("Everyone's view");
  // What was one's own place is the room's now: back at it, one follows.
  await worker.goForward();
  await turnTo(chair, "What it means");
  await expect(heading).toContainText("What it means");
});

test("a tap beside an open menu closes it and presses nothing", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair, PHONE);
  await plan(chair, server, FAMILIES);
  await live(chair);
  await around(chair);
  await chair.getByRole("button", { name: "Open meeting" }).tap();
  await chair.getByRole("button", { name: "Start this family", exact: true }).first().tap();
  await expect(chair.locator("#heading")).toContainText("Review last");
  const menu = chair.locator(".cr-bar .cr-more");
  await menu.locator("> summary").tap();
  await expect(menu).toHaveAttribute("open");
  const headings = chair.locator(".cr-identity__heading");
  const before = await headings.getAttribute("aria-expanded");
  await headings.tap();
  await expect(menu).not.toHaveAttribute("open");
  await expect(headings).toHaveAttribute("aria-expanded", before);
  await headings.tap();
  await expect(headings).not.toHaveAttribute("aria-expanded", before);
});

test("while somebody types on a phone, the chair's bar leaves the space to the keyboard", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair, PHONE);
  await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await look(chair, "Decide");
  const bar = chair.locator(".cr-bar");
  await expect(bar).toBeInViewport({ ratio: 1 });
  await chair.getByLabel("Why", { exact: true }).focus();
  await expect(bar).not.toBeInViewport();
  await chair.getByLabel("Why", { exact: true }).blur();
  await expect(bar).toBeInViewport({ ratio: 1 });
});
