// What can be pressed is large enough, and what is shown can be seen in the dark as well.
import { PEOPLE, accessible, around, expect, live, look, planWith, test, toFamily } from "./caseround.mjs";

const WORKER = "julian.yardarm.7002@example.invalid";

/// What can be pressed and is smaller than `least` pixels; links in running text are as high as its lines.
const small = (page, least) =>
  page.evaluate((least) => {
    const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".govuk-visually-hidden") && !element.classList.contains("govuk-skip-link") && element.getBoundingClientRect().width > 1;
    const inText = (element) => element.tagName === "A" && !element.getAttribute("role") && element.closest("p, li, dd, dt, td, h1, h2, h3");
    // A choice is pressed by its label as well.
    const target = (element) => (element.matches("input[type=radio], input[type=checkbox]") ? (element.closest("label") ?? document.querySelector(`label[for="${element.id}"]`) ?? element) : element);
    return [...document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])")]
      .filter((element) => seen(element) && !inText(element) && !element.disabled)
      .map((element) => [element, target(element).getBoundingClientRect()])
      .filter(([, { width, height }]) => Math.min(width, height) < least - 0.5)
      .map(([element, { width, height }]) => `${element.tagName} ${element.className} "${(element.textContent || element.name || "").trim().slice(0, 40)}" ${Math.round(width)} × ${Math.round(height)}`);
  }, least);

test("what can be pressed is 24 px at least, and 44 under a finger", async ({ server, person }) => {
  test.setTimeout(180_000);
  const chair = await person(PEOPLE.chair, { viewport: { width: 1366, height: 768 } });
  const phone = await person(WORKER, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const meeting = await planWith(chair, server, ["FS-3046", "FS-3004"]);
  await phone.goto(meeting);
  await Promise.all([chair, phone].map(live));
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await toFamily(chair, "FS-3046");
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await chair.getByRole("button", { name: "Everybody is in the room" }).first().click();
  const names = await chair.locator(".cr-headings__name").evaluateAll((names) => names.map((name) => name.firstChild.textContent.trim()));
  for (const [at, heading] of names.entries()) {
    if (at > 0) await chair.locator("#next-stage").click();
    for (const page of [chair, phone]) await expect(page.locator(`.cr-scene__heading[data-heading="${at}"]`)).toBeVisible();
    expect.soft(await small(chair, 24), `${heading}, desk`).toEqual([]);
    expect.soft(await small(phone, 44), `${heading}, phone`).toEqual([]);
  }
  await around(phone);
  expect.soft(await small(phone, 44), "the way around, phone").toEqual([]);
  for (const path of ["/meetings", "/families", "/steps", "/me", "/search", "/step-out"]) {
    await phone.goto(server.url + path);
    expect.soft(await small(phone, 44), `${path}, phone`).toEqual([]);
    await chair.goto(server.url + path);
    expect.soft(await small(chair, 24), `${path}, desk`).toEqual([]);
  }
});

test("every page can be read in the dark", async ({ server, person }) => {
  test.setTimeout(180_000);
  // High enough that no button is half behind the chair's bar, where it would count as too small.
  const chair = await person(PEOPLE.chair, { colorScheme: "dark", viewport: { width: 1366, height: 2000 } });
  const meeting = await planWith(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await chair.getByRole("button", { name: "Everybody is in the room" }).first().click();
  const names = await chair.locator(".cr-headings__name").evaluateAll((names) => names.map((name) => name.firstChild.textContent.trim()));
  for (const heading of names) {
    await look(chair, heading);
    await accessible(chair, `${heading} in the dark`);
  }
  await chair.goto(`${server.url}/families`);
  const family = await chair.getByRole("link", { name: "FS-3046" }).getAttribute("href");
  for (const path of ["/meetings", "/meetings/new", "/families", family, "/steps", "/records", "/workers", "/retention", "/me", "/help", "/words", "/step-out", `${new URL(meeting).pathname}/minutes`, `${new URL(meeting).pathname}/close`]) {
    await chair.goto(server.url + path);
    await accessible(chair, `${path} in the dark`);
  }
});
