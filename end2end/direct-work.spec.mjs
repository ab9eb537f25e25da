// Direct work with the people of a family, and where it is read beside what workers think.
import { WORKER, accessible, expect, test } from "./caseround.mjs";

test("direct work is planned, finished with what it showed, and stands beside the assessment", async ({ server, person }) => {
  const worker = await person(WORKER);
  await worker.goto(`${server.url}/families`);
  await worker.getByRole("link", { name: "FS-3046" }).click();
  await worker.getByRole("link", { name: "Chapters" }).click();
  await worker.getByRole("link", { name: "Direct work" }).click();
  await worker.getByRole("link", { name: "Write down direct work with Abigail" }).click();
  await worker.getByLabel("What it showed").fill("She names\nwhat she feels.");
  await worker.getByLabel("How far it has come").selectOption({ label: "Finished" });
  await worker.getByRole("button", { name: "Save" }).click();
  // Nothing typed is lost by a refusal.
  await expect(worker.getByRole("alert")).toContainText("What the work is about");
  await expect(worker.getByRole("alert")).toContainText("The day");
  await expect(worker.getByLabel("What it showed")).toHaveValue("She names\nwhat she feels.");
  await accessible(worker, "the form of direct work");
  await worker.setViewportSize({ width: 320, height: 640 });
  expect(await worker.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await worker.getByLabel("What the work is about").fill("Feelings");
  await worker.getByLabel("The day").fill("3/11/2026");
  await worker.getByRole("button", { name: "Save" }).click();
  await expect(worker.getByText("The direct work is saved.")).toBeVisible();
  const abigail = worker.getByRole("region", { name: /^Abigail/ });
  await expect(abigail).toContainText("Feelings, finished on 3 November 2026");
  await accessible(worker, "direct work");

  await worker.getByRole("link", { name: "Chapters", exact: true }).click();
  await worker.getByLabel("Read").selectOption({ label: "All that concerns Abigail" });
  await worker.getByRole("button", { name: "Show" }).click();
  await expect(worker.getByRole("region", { name: "Direct work" })).toContainText("what she feels.");
  await worker.getByRole("link", { name: "Direct work" }).click();
  await worker.getByRole("link", { name: "Change direct work: Feelings" }).click();
  await worker.getByLabel("How far it has come").selectOption({ label: "Written down by mistake" });
  await worker.getByRole("button", { name: "Save" }).click();
  await expect(abigail).toContainText("written down by mistake");
});
