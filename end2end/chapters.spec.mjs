// Chapters of the workbook: written by each worker, read by all, worker by worker or as one assessment of a child.
import { PEOPLE, WORKER, accessible, expect, test } from "./caseround.mjs";

const SPECIALIST = "nadia.quoin.7008@example.invalid";

const openFamily = async (page, server) => {
  await page.goto(`${server.url}/families`);
  await page.getByRole("link", { name: "FS-3046" }).click();
};
const fold = (page, title) => page.locator("summary", { hasText: title });

test("two workers write their chapters, and the chair reads what concerns one child", async ({ server, person }) => {
  const worker = await person(WORKER);
  await openFamily(worker, server);
  await worker.getByRole("button", { name: "Write my summary" }).click();
  await expect(worker.getByLabel("Monthly summary")).toBeVisible();
  await worker.getByRole("button", { name: "Save my summary" }).click();
  await expect(worker.getByRole("alert")).toContainText("Nothing is written yet. Write a line first.");
  await worker.getByLabel("Monthly summary").fill("A **calmer** month.");
  await fold(worker, "Analysis").click();
  await worker.getByLabel("Analysis · Ottilie").fill("She sleeps; her school sees it.");
  await worker.getByLabel("Analysis · Juno").fill("We do not know yet.");
  await accessible(worker, "the form of a chapter");
  await worker.setViewportSize({ width: 320, height: 640 });
  expect(await worker.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await worker.getByRole("button", { name: "Preview" }).click();
  await expect(worker.locator(".cr-preview strong")).toHaveText("calmer");
  await expect(worker.getByLabel("Analysis · Juno")).toBeVisible();
  await expect(worker.getByLabel("Analysis · Juno")).toHaveValue("We do not know yet.");
  await worker.getByRole("button", { name: "Save my summary" }).click();
  await expect(worker.getByText("Your summary is saved.")).toBeVisible();
  await expect(worker.getByRole("button", { name: "Change my summary" })).toBeVisible();

  // Without scripts as well.
  const specialist = await person(SPECIALIST, { javaScriptEnabled: false });
  await openFamily(specialist, server);
  await specialist.getByRole("button", { name: "Write my summary" }).click();
  await specialist.getByLabel("Monthly summary").fill("Three sessions.");
  await fold(specialist, "Analysis").click();
  await specialist.getByLabel("Analysis · Ottilie").fill("Her mother protects her.");
  await specialist.getByRole("button", { name: "Save my summary" }).click();
  await expect(specialist.getByText("Your summary is saved.")).toBeVisible();

  await worker.getByRole("link", { name: "In their own words" }).click();
  await worker.getByRole("link", { name: "Write down Ottilie’s words" }).click();
  await worker.getByLabel("What Ottilie said, wrote, drew or showed").fill("It is quiet now.");
  await worker.getByRole("button", { name: "Keep these words" }).click();

  const chair = await person(PEOPLE.chair);
  await openFamily(chair, server);
  await chair.getByRole("navigation", { name: "Parts of this page" }).getByRole("link", { name: "Chapters" }).click();
  await expect(chair.getByRole("heading", { level: 2 })).toHaveText([/^Julian Yardarm/, /^Nadia Quoin/]);
  await accessible(chair, "chapters");
  await chair.getByLabel("Read").selectOption({ label: "All that concerns Ottilie" });
  await chair.getByRole("button", { name: "Show" }).click();
  await expect(chair.getByRole("heading", { level: 2 })).toHaveText(["In their own words", "Monthly summary", "Analysis · Ottilie"]);
  const analysis = chair.locator("section.cr-summary", { hasText: "Analysis" });
  await expect(analysis).toContainText("She sleeps");
  await expect(analysis).toContainText("Her mother protects her.");
  await expect(chair.locator(".cr-own-words")).toContainText("It is quiet now.");
  await expect(chair.getByText("We do not know yet.")).toHaveCount(0);
  await accessible(chair, "what concerns one child");
  await chair.setViewportSize({ width: 320, height: 640 });
  expect(await chair.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  // Whoever is not allocated writes no chapter.
  await expect(chair.getByRole("link", { name: "Write my summary" })).toHaveCount(0);
});
