// The genogram: drawn from what people say of each other, the same in words, on the family's page and beside the meeting.
import { WORKER, accessible, begun, expect, test } from "./caseround.mjs";

async function add(page, from, kind, to) {
  await page.getByLabel("Who", { exact: true }).selectOption({ label: from });
  await page.getByLabel("What they are").selectOption({ label: kind });
  await page.getByLabel("To whom").selectOption({ label: to });
  await page.getByRole("button", { name: "Add", exact: true }).click();
}

test("a genogram is drawn, told in words, corrected, and stands beside the meeting", async ({ server, person }) => {
  const worker = await person(WORKER);
  await worker.goto(`${server.url}/families`);
  await worker.getByRole("link", { name: "FS-3046" }).click();
  await worker.getByRole("link", { name: /genogram/ }).click();
  await expect(worker.getByRole("heading", { name: "Genogram", level: 1 })).toBeVisible();
  await accessible(worker, "the genogram");

  // Somebody who is no member of the family, with what they are.
  await worker.getByRole("link", { name: "Add somebody who is not listed" }).click();
  await worker.getByLabel("Name", { exact: true }).fill("Gareth");
  await worker.getByLabel("How they are drawn").selectOption({ label: "Man or boy" });
  await worker.getByRole("button", { name: "Save" }).click();
  await expect(worker.getByRole("alert")).toContainText("Choose a person.");
  await expect(worker.getByLabel("Name", { exact: true })).toHaveValue("Gareth");
  await accessible(worker, "the form of a relative");
  await worker.getByLabel("What they are").selectOption({ label: "is a former partner of" });
  await worker.getByLabel("To whom").selectOption({ label: "Abigail" });
  await worker.getByRole("button", { name: "Save" }).click();
  await expect(worker.locator("dd", { hasText: "Former partner of Abigail" })).toBeVisible();

  const children = await worker.getByLabel("To whom").locator("option").allInnerTexts();
  const [eldest, second] = children.slice(1);
  await add(worker, eldest, "is a child of", "Gareth");
  await expect(worker.locator("dd", { hasText: `Father of ${eldest}` })).toBeVisible();
  // What cannot be is said, with what was chosen.
  await add(worker, eldest, "is a parent of", "Gareth");
  await expect(worker.getByRole("alert")).toContainText("Gareth would be their own ancestor.");
  await expect(worker.getByLabel("What they are")).toHaveValue("parent");
  await add(worker, eldest, "has one parent in common with", second);
  await expect(worker.getByText(new RegExp(`^Half-(sister|brother)( or half-sister)? of ${second}`))).toBeVisible();

  await worker.getByRole("link", { name: "Add who lives together" }).click();
  await worker.getByRole("button", { name: "Save" }).click();
  await expect(worker.getByRole("alert")).toContainText("Choose who lives there.");
  await worker.getByLabel("Name of the home").fill("Mum’s");
  await worker.getByLabel("Abigail").check();
  await worker.getByLabel(second).check();
  await accessible(worker, "the form of a home");
  await worker.getByRole("button", { name: "Save" }).click();
  await expect(worker.locator("dd", { hasText: `Home A, Mum’s, with ${second}` })).toBeVisible();
  await expect(worker.locator(".cr-genogram text", { hasText: "home A" })).toHaveCount(2);

  // Removed by mistake, and put back.
  await worker.getByText("Change or remove", { exact: true }).click();
  await worker.getByRole("button", { name: /^Remove ?: Gareth$/ }).click();
  await expect(worker.getByText("It is removed.")).toBeVisible();
  await expect(worker.locator("dd", { hasText: "Former partner of Abigail" })).toHaveCount(0);
  await worker.getByRole("button", { name: "Undo" }).click();
  await expect(worker.locator("dd", { hasText: "Former partner of Abigail" })).toBeVisible();
  await accessible(worker, "the genogram with its words");

  await worker.setViewportSize({ width: 320, height: 640 });
  expect(await worker.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await worker.goto(`${server.url}/families`);
  await worker.getByRole("link", { name: "FS-3046" }).click();
  await expect(worker.locator(".cr-genogram text", { hasText: "Gareth" })).toBeVisible();
  expect(await worker.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await accessible(worker, "the family with its genogram");
});

test("the genogram stands beside the meeting", async ({ server, person }) => {
  const { chair } = await begun(server, person);
  await expect(chair.locator("#beside .cr-genogram text", { hasText: "Abigail" })).toBeVisible();
});
