// What a screen reader hears: each event of the room in one sentence, and "Saved" once after a quiet moment.
import { PEOPLE, analysisOf, expect, live, plan, test, finish, look } from "./caseround.mjs";

const SPECIALIST = "julian.yardarm.7002@example.invalid";

/// Keeps every sentence that the page's status region holds from now on.
const listen = (page) =>
  page.evaluate(() => {
    const region = document.querySelector(".cr-meeting > [role=status]");
    window.heard = [];
    new MutationObserver(() => region.textContent.trim() && window.heard.push(region.textContent.trim())).observe(region, { childList: true, characterData: true, subtree: true });
  });
const heard = (page) => page.evaluate(() => window.heard);

test("a typed sentence is announced at most once, and what the chair does in one sentence each", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const meeting = await plan(chair, server, ["FS-3046"]);
  const worker = await person(SPECIALIST);
  await worker.goto(meeting);
  await Promise.all([chair, worker].map(live));
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start", exact: true }).click();
  await look(worker, "Views");
  await expect(analysisOf(worker)).toBeVisible();
  await worker.waitForTimeout(1500);
  await listen(worker);
  await analysisOf(worker).pressSequentially("Both children were at breakfast, calm and warmly dressed. ", { delay: 40 });
  await worker.waitForTimeout(5000);
  expect(await heard(worker)).toEqual(["Saved."]);

  await listen(chair);
  await look(chair, "Decide");
  const decision = chair.locator(".cr-decision").first();
  await decision.getByLabel("What is decided").selectOption({ label: "Continue with the plan" });
  await decision.getByLabel("Why", { exact: true }).fill("Calmer.");
  await decision.getByRole("button", { name: "Propose this decision" }).click();
  await expect.poll(() => heard(worker)).toContain("A decision is proposed.");
  await expect.poll(() => heard(chair)).toContain("A decision is proposed.");
  await chair.getByRole("button", { name: /^Confirm / }).click();
  await expect.poll(() => heard(worker)).toContain("The decision is confirmed.");
  await finish(chair);
  await expect.poll(async () => (await heard(worker)).join(" ")).toContain("The family is finished.");
});
