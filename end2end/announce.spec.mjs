// What a screen reader hears: each event of the room in one sentence, and "Saved" once after a quiet moment.
import { PEOPLE, analysisOf, announced, expect, finish, live, look, plan, test } from "./caseround.mjs";

const SPECIALIST = "julian.yardarm.7002@example.invalid";

/// Listens from now on.
const listen = (page) => page.evaluate(() => { window.announced.length = 0; });

for (const ariaNotify of [true, false]) {
  test(`a typed sentence is announced at most once, and what the chair does in one sentence each${ariaNotify ? "" : ", by a region"}`, async ({ server, person }) => {
    const chair = await person(PEOPLE.chair, { ariaNotify });
    const meeting = await plan(chair, server, ["FS-3046"]);
    const worker = await person(SPECIALIST, { ariaNotify });
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
    expect(await announced(worker)).toEqual(["Saved."]);

    await listen(chair);
    await look(chair, "Decide");
    const decision = chair.locator(".cr-decision").first();
    await decision.getByLabel("What is decided").selectOption({ label: "Continue with the plan" });
    await decision.getByLabel("Why", { exact: true }).fill("Calmer.");
    await decision.getByRole("button", { name: "Propose this decision" }).click();
    await expect.poll(() => announced(worker)).toContain("A decision is proposed.");
    await expect.poll(() => announced(chair)).toContain("A decision is proposed.");
    await chair.getByRole("button", { name: /^Confirm / }).click();
    await expect.poll(() => announced(worker)).toContain("The decision is confirmed.");
    await finish(chair);
    await expect.poll(async () => (await announced(worker)).join(" ")).toContain("The family is finished.");
  });
}
