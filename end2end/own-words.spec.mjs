// What children and adults gave in their own words.
import { PEOPLE, WORKER, accessible, begun, expect, test } from "./caseround.mjs";

const openFamily = async (page, server) => {
  await page.goto(`${server.url}/families`);
  await page.getByRole("link", { name: "FS-3046" }).click();
};
const said = (page, words) => page.locator(".cr-own-words", { hasText: words });
const write = (page, whose) => page.getByRole("link", { name: `Write down ${whose}’s words` });

test("a worker writes down what a child and a parent said, changes it and takes it back", async ({ server, person }) => {
  const worker = await person(WORKER);
  await openFamily(worker, server);
  await worker.getByRole("link", { name: "In their own words" }).click();
  await write(worker, "Ottilie").click();
  await accessible(worker, "the form of own words");
  await worker.getByLabel("What Ottilie said, wrote, drew or showed").fill("At Nan's it is quiet.\nI sleep there.");
  await worker.getByLabel("The day").fill("3/11/2031");
  await worker.getByLabel("To whom").fill("her teacher");
  await worker.getByRole("button", { name: "Keep these words" }).click();
  // Nothing typed is lost by a refusal.
  await expect(worker.getByRole("alert")).toContainText("3 November 2031 is still to come");
  await expect(worker.getByLabel("What Ottilie said, wrote, drew or showed")).toHaveValue("At Nan's it is quiet.\nI sleep there.");
  await worker.getByLabel("The day").fill("3/11/2026");
  await worker.getByRole("button", { name: "Keep these words" }).click();
  await expect(said(worker, "At Nan's it is quiet.")).toContainText("3 November 2026, said to her teacher");

  await write(worker, "Abigail").click();
  await worker.getByLabel("What Abigail said, wrote, drew or showed").fill("I want one night without listening for the door.");
  await worker.getByLabel("How important the change is to them").fill("8");
  await worker.getByRole("button", { name: "Keep these words" }).click();
  await expect(said(worker, "listening for the door")).toContainText("said to Julian Yardarm · importance 8 of 10");
  await accessible(worker, "own words");
  await worker.setViewportSize({ width: 320, height: 640 });
  expect(await worker.evaluate(() => document.documentElement.scrollWidth)).toBe(320);

  await worker.getByRole("link", { name: "Change the words of 3 November 2026" }).click();
  await worker.getByLabel("How it was given").selectOption({ label: "Drawn" });
  await worker.getByRole("button", { name: "Keep these words" }).click();
  await expect(said(worker, "At Nan's it is quiet.")).toContainText("drawn for her teacher");
  await worker.getByRole("link", { name: "Take back the words of 3 November 2026" }).click();
  await worker.getByLabel("Why").fill("Juno said it");
  await worker.getByRole("button", { name: "Take these words back" }).click();
  await expect(said(worker, "At Nan's it is quiet.")).toHaveCount(0);
  await expect(worker.getByText("Julian Yardarm took back what they had written down: Juno said it")).toBeVisible();
});

test("without scripts too, and what is for some is beside the meeting for these alone", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person);
  const writer = await person(PEOPLE.chair, { javaScriptEnabled: false });
  for (const [words, only] of [["For everybody to read", false], ["For the chair alone", true]]) {
    await openFamily(writer, server);
    await writer.getByRole("link", { name: "In their own words" }).click();
    await write(writer, only ? "Juno" : "Ottilie").click();
    await writer.getByLabel(/said, wrote, drew or showed/).fill(words);
    if (only) await writer.getByLabel("Only I and those ticked here").check();
    await writer.getByRole("button", { name: "Keep these words" }).click();
    await expect(said(writer, words)).toBeVisible();
  }
  await expect(writer.getByText("Written down by Zara Northlight, who alone reads it")).toBeVisible();
  for (const page of [chair, worker]) {
    const beside = page.getByRole("complementary", { name: "Beside" });
    await expect(said(beside, "For everybody to read")).toBeVisible();
    await expect(said(beside, "For the chair alone")).toHaveCount(page === chair ? 1 : 0);
  }
  await openFamily(worker, server);
  await worker.getByRole("link", { name: "In their own words" }).first().click();
  await expect(worker.getByText("Zara Northlight keeps something for some of those who work with the family. Ask them.")).toBeVisible();
});
