// Roles, cover, locked families, and a family opened in an emergency.
import { PEOPLE, accessible, expect, open, test } from "./caseround.mjs";

const SPECIALIST = "nadia.quoin.7008@example.invalid";
const ELSEWHERE = "kieran.beechnut.7025@example.invalid";

/// The status with which somebody's browser is answered.
async function status(page, address) {
  return (await page.request.get(address)).status();
}

async function choose(list, name) {
  await list.selectOption(await list.locator("option", { hasText: name }).first().getAttribute("value"));
}

async function familyPage(page, server, reference) {
  await page.goto(`${server.url}/families`);
  await page.getByRole("link", { name: reference, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(reference);
  return page.url();
}

test("a family is opened in an emergency, everybody on it is told, and its manager reviews it", async ({ server, person }) => {
  const duty = await person(ELSEWHERE);
  await duty.goto(`${server.url}/families`);
  await duty.getByRole("link", { name: "Open a family you do not work with" }).click();
  await accessible(duty, "opening a family");
  await duty.locator("#reference").fill("FS-3046");
  await duty.getByRole("button", { name: "Open for one hour" }).click();
  // Without a reason nothing opens, and what was typed is there still.
  await expect(duty.getByRole("alert")).toContainText("The reason is empty");
  await expect(duty.locator("#reference")).toHaveValue("FS-3046");
  await duty.getByLabel("Why you need it now").fill("out of hours, the school rang");
  await duty.getByRole("button", { name: "Open for one hour" }).click();
  await expect(duty.getByText("You have this family open until 10:25.")).toBeVisible();
  await accessible(duty, "an opened family");
  const family = duty.url();

  const worker = await person(SPECIALIST);
  await worker.goto(family);
  await expect(worker.getByRole("heading", { name: "Opened by somebody who does not work with this family" })).toBeVisible();
  await expect(worker.locator("main")).toContainText("out of hours, the school rang");

  const manager = await person(PEOPLE.chair);
  await manager.goto(`${server.url}/meetings`);
  await manager.getByRole("link", { name: "Look at families that somebody opened in an emergency" }).click();
  await accessible(manager, "openings");
  await manager.getByLabel("What you found").fill("Rightly: the duty team acted on it.");
  await manager.getByRole("button", { name: "Save my review" }).click();
  await expect(manager.getByText("Zara Northlight: Rightly")).toBeVisible();
  await expect(manager.getByRole("button", { name: "Save my review" })).toHaveCount(0);

  await duty.getByRole("button", { name: "Close it now" }).click();
  await expect(duty.getByText("The family is closed again.")).toBeVisible();
  expect(await status(duty, family)).toBe(404);

  // Asking for it now is on the month's list, with what its manager found.
  const found = manager.getByLabel(/^What you found: /);
  await expect(async () => {
    await manager.goto(`${server.url}/openings`);
    await expect(found).toBeVisible({ timeout: 500 });
  }, "it is written down beside the answer").toPass();
  await found.fill("They tried the old link.");
  await manager.getByRole("button", { name: /^Save what you found/ }).click();
  await expect(manager.getByText("Zara Northlight: They tried the old link.")).toBeVisible();
  await accessible(manager, "what was asked for and not shown");
  await manager.getByRole("link", { name: "October 2026" }).click();
  await expect(manager.getByText(/^In October 2026 nobody opened/)).toBeVisible();
  await accessible(manager, "a month without openings");

  // What somebody looked at, of the team's families.
  await manager.getByRole("link", { name: "What somebody looked at" }).click();
  await accessible(manager, "whose looks to show");
  await choose(manager.getByLabel("Who"), "Kieran Beechnut");
  await manager.getByRole("button", { name: "Show" }).click();
  await expect(manager.getByRole("heading", { name: "What Kieran Beechnut looked at" })).toBeVisible();
  await expect(manager.getByRole("row", { name: /opened the family for an hour/i })).toContainText("FS-3046");
  await accessible(manager, "what somebody looked at");
});

test("cover is agreed in one form and ends with one press", async ({ server, person }) => {
  const manager = await person(PEOPLE.chair);
  const colleague = await person(ELSEWHERE);
  await manager.goto(`${server.url}/meetings`);
  await open(manager.locator("header .cr-menu > summary"));
  await manager.getByRole("link", { name: "Roles" }).click();
  await accessible(manager, "roles");
  await manager.getByRole("button", { name: "Give a role" }).click();
  await manager.getByLabel("Role").selectOption("cover");
  await choose(manager.getByLabel("Who", { exact: true }), "Kieran Beechnut");
  await choose(manager.getByLabel("In whose place (for cover)"), "Nadia Quoin");
  await manager.getByRole("button", { name: "Give this role" }).click();
  await expect(manager.getByRole("alert")).toContainText("Say until when");
  await manager.getByLabel("Last day").fill("1/12/2026");
  await manager.getByRole("button", { name: "Give this role" }).click();
  await expect(manager.locator(".cr-saved, .cr-notice").first()).toContainText("cover, until 1 December 2026");
  await accessible(manager, "a role that is given");
  await colleague.goto(`${server.url}/families`);
  await manager.getByRole("button", { name: /^End/ }).click();
  await expect(manager.getByText("No role is given now.")).toBeVisible();
});

test("a locked family is there for those who are named and for nobody else", async ({ server, person }) => {
  const manager = await person(PEOPLE.chair);
  const worker = await person(SPECIALIST);
  const taker = await person(PEOPLE.recordTaker);
  const family = await familyPage(manager, server, "FS-3046");
  await open(manager.locator(".cr-menu--paper > summary"));
  await manager.getByRole("link", { name: "Lock this family" }).click();
  await accessible(manager, "locking a family");
  await manager.getByLabel("Why", { exact: true }).fill("a cousin works here");
  // Those who work with it are ticked; one of them is the cousin.
  await manager.getByLabel(/Josephine Slipway/).uncheck();
  await manager.getByRole("button", { name: "Lock this family" }).click();
  await expect(manager.getByText(/^The family is locked\. It is open to 5 people/)).toBeVisible();
  expect(await status(worker, family)).toBe(200);
  expect(await status(taker, family)).toBe(404);
  await taker.goto(`${server.url}/meetings`);
  await taker.getByRole("searchbox").fill("FS-3046");
  await taker.getByRole("searchbox").press("Enter");
  await expect(taker.getByRole("heading", { level: 1 })).toContainText("No family found");
  await manager.getByRole("button", { name: "Unlock" }).click();
  expect(await status(taker, family)).toBe(200);
});
