// A family's safety plan: written by one, read by all who work with the family.
import { PEOPLE, WORKER, accessible, begun, expect, test } from "./caseround.mjs";

const openPlan = async (page, server) => {
  await page.goto(`${server.url}/families`);
  await page.getByRole("link", { name: "FS-3046" }).click();
  await page.getByRole("link", { name: "Safety plan" }).click();
};
const planOf = (page) => page.locator(".cr-safety-plan");

test("a plan is written part by part and stands where one looks in a hurry", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person);
  const writer = await person(WORKER, { javaScriptEnabled: false });
  await openPlan(writer, server);
  await writer.getByRole("button", { name: "Write the safety plan" }).click();
  await writer.getByLabel("Abigail").fill("Tuesdays only, never by text");
  await writer.getByLabel("What worries us, for each child").fill("He waits at the school gate.");
  await writer.getByLabel("If (1)").fill("he is at the gate");
  await writer.getByRole("button", { name: "Save the safety plan" }).click();
  // Half a line is named, and nothing typed is lost.
  await expect(writer.getByRole("alert")).toContainText("Then is empty");
  await expect(writer.getByLabel("If (1)")).toHaveValue("he is at the gate");
  await expect(writer.getByLabel("Abigail")).toHaveValue("Tuesdays only, never by text");
  await writer.getByLabel("Then (1)").fill("the school keeps Juno in and rings 999");
  await writer.getByLabel("Who (1)").fill("Nan");
  await writer.getByLabel("How far it has come").selectOption({ label: "Offered" });
  await writer.getByRole("button", { name: "Save the safety plan" }).click();
  await expect(planOf(writer)).toContainText("If he is at the gate: the school keeps Juno in and rings 999");
  await expect(writer.locator(".cr-safe-contact")).toHaveText(/Abigail: Tuesdays only, never by text/);

  await openPlan(worker, server);
  await accessible(worker, "the safety plan");
  await worker.getByRole("button", { name: "Change the safety plan" }).click();
  await accessible(worker, "the form of the safety plan");
  await worker.setViewportSize({ width: 320, height: 640 });
  expect(await worker.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  const beside = chair.getByRole("complementary", { name: "Beside" });
  await expect(planOf(beside)).toContainText("He waits at the school gate.");
});

test("of two who change one part the later sees both", async ({ server, person }) => {
  const [one, other] = [await person(WORKER), await person(PEOPLE.chair)];
  for (const page of [one, other]) {
    await openPlan(page, server);
    await page.getByRole("button", { name: "Write the safety plan" }).click();
  }
  await one.getByLabel("What worries us, for each child").fill("The gate.");
  await one.getByLabel("Who (1)").fill("Nan");
  await one.getByRole("button", { name: "Save the safety plan" }).click();
  await expect(planOf(one)).toContainText("Nan");
  await other.getByLabel("What worries us, for each child").fill("The door.");
  await other.getByRole("button", { name: "Save the safety plan" }).click();
  await expect(other.getByRole("alert")).toContainText("Julian Yardarm changed this meanwhile. It now reads: The gate.");
  await expect(other.getByLabel("What worries us, for each child")).toHaveValue("The door.");
  await other.getByLabel("What worries us, for each child").fill("The gate and the door.");
  await other.getByRole("button", { name: "Save the safety plan" }).click();
  await expect(planOf(other)).toContainText("The gate and the door.");
  await expect(planOf(other)).toContainText("Nan");
});

test("one page for tonight prints without what one presses", async ({ server, person }) => {
  const worker = await person(WORKER);
  await openPlan(worker, server);
  await worker.getByRole("button", { name: "Write the safety plan" }).click();
  await worker.getByLabel("Abigail").fill("Tuesdays only");
  for (const field of ["What worries us, for each child", "What helps: what keeps each child safe and well", "Then (1)", "What they do (1)"]) {
    await worker.getByLabel(field).fill("Somebody is there, and everybody knows whom to ring. ".repeat(4));
  }
  await worker.getByLabel("If (1)").fill("nobody answers");
  await worker.getByLabel("Who (1)").fill("Nan");
  await worker.getByRole("button", { name: "Save the safety plan" }).click();
  await worker.getByRole("link", { name: "Family FS-3046" }).click();
  await worker.getByRole("link", { name: "One page for tonight" }).click();
  await expect(worker.getByText("For Julian Yardarm, for the night of 24 November 2026.")).toBeVisible();
  await expect(planOf(worker)).toContainText("Abigail: Tuesdays only");
  await accessible(worker, "one page for tonight");
  await worker.emulateMedia({ media: "print" });
  await expect(planOf(worker)).toBeVisible();
  await expect(worker.locator(".cr-header")).toBeHidden();
  await expect(worker.getByRole("link", { name: "Family FS-3046" })).toBeHidden();
  const paper = (await worker.pdf({ format: "A4" })).toString("latin1");
  expect(paper.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
});
