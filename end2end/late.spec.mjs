// Words that came after a family was finished, when the chair opens it again.
import { analysisOf, begun, expect, finish, look, planWith, scene, test, turnTo } from "./caseround.mjs";

test("words that came too late belong into the family's boxes again once it is reopened", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, {}, planWith);
  await turnTo(chair, "Who does what");
  await look(worker, "Steps");
  await worker.locator("#if-happens").fill("nobody opens the door");
  await look(worker, "Views");
  await analysisOf(worker).click();
  await worker.keyboard.type("One thing more: ");
  await expect(worker.locator(".cr-box--mine", { hasText: "My analysis" }).locator(".cr-state")).toHaveText("Saved");
  await finish(chair);
  await worker.keyboard.type("she laughs again.");
  const late = worker.getByRole("region", { name: "Words that came too late" });
  await expect(late.getByRole("textbox")).toHaveValue("she laughs again.");
  await expect(late.getByRole("button", { name: "File as a late contribution" })).toBeVisible();
  await expect(worker.getByText("You had written: nobody opens the door")).toBeVisible();

  await chair.getByRole("button", { name: "Reopen this family" }).click();
  await expect(late).toContainText("this family is open again. Copy these words to where they belong, then discard them here.");
  await expect(late.getByRole("button", { name: "File as a late contribution" })).toHaveCount(0);
  await expect(late.getByRole("textbox")).toHaveValue("she laughs again.");
  await look(worker, "Views");
  await expect(analysisOf(worker)).toHaveValue("One thing more: ");
  await analysisOf(worker).fill("One thing more: she laughs again.");
  await late.getByRole("button", { name: "Discard", exact: true }).click();
  await late.getByRole("button", { name: "Discard these words for good" }).click();
  await expect(late).toHaveCount(0);
  // What was begun in a form stands in it again.
  await look(worker, "Steps");
  await expect(worker.getByText("You had written: nobody opens the door")).toHaveCount(0);
  await expect(scene(worker).locator("#if-happens")).toHaveValue("nobody opens the door");

  await look(worker, "Views");
  await expect(worker.locator(".cr-box--mine", { hasText: "My analysis" }).locator(".cr-state")).toHaveText("Saved");
  await finish(chair);
  await worker.reload();
  await expect(late).toHaveCount(0);
  await chair.goto(`${server.url}/records`);
  await chair.getByRole("link", { name: "Ottilie" }).click();
  await expect(chair.locator("main")).toContainText("One thing more: she laughs again.");
  await expect(chair.locator("main").getByText("she laughs again.")).toHaveCount(1);
});
