// Two people in one box at once, one of them through a cut of ten seconds: no character is lost.
import { PEOPLE, boxOf, expect, live, plan, test, look } from "./caseround.mjs";

test("two people type in one box, one through a ten-second cut", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const taker = await person(PEOPLE.recordTaker, { expectErrors: ["ERR_INTERNET_DISCONNECTED", "Failed to fetch"] });
  const meeting = await plan(chair, server, ["FS-3046"]);
  await taker.goto(meeting);
  await Promise.all([live(chair), live(taker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start", exact: true }).click();
  await expect(taker.locator(".cr-scene__heading")).toBeVisible();
  await Promise.all([look(chair, "Meaning"), look(taker, "Meaning")]);
  const child = (page) => page.getByRole("textbox", { name: "Ottilie", exact: true });
  await child(chair).pressSequentially("Chair: ", { delay: 20 });
  await expect(child(taker)).toHaveValue("Chair: ");

  // The record-taker writes at the end while the chair writes at the beginning, offline in between.
  await child(taker).press("End");
  const slow = child(taker).pressSequentially("record 🌱 ŵ taker types on", { delay: 60 });
  await child(chair).press("Home");
  await child(chair).pressSequentially("AAAA ", { delay: 80 });
  await slow;
  await taker.context().setOffline(true);
  await child(taker).press("End");
  await child(taker).pressSequentially(" through the cut", { delay: 50 });
  await expect(taker.locator(".cr-box--mine", { hasText: "Ottilie" }).locator(".cr-state")).toHaveText("Kept on this device, not yet shared", { timeout: 3_500 });
  await expect(taker.locator(".cr-identity .cr-state")).toHaveText("Kept on this device, not yet shared");
  await child(chair).press("Home");
  await child(chair).pressSequentially("BBBB ", { delay: 50 });
  await taker.waitForTimeout(8000);
  await taker.context().setOffline(false);
  const whole = "BBBB AAAA Chair: record 🌱 ŵ taker types on through the cut";
  await expect(child(chair)).toHaveValue(whole, { timeout: 30_000 });
  await expect(child(taker)).toHaveValue(whole, { timeout: 30_000 });
  await expect(taker.locator(".cr-identity .cr-state")).toHaveText("Saved", { timeout: 30_000 });
});

test("a caret stays where it was while others' words arrive", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const taker = await person(PEOPLE.recordTaker);
  const meeting = await plan(chair, server, ["FS-3046"]);
  await taker.goto(meeting);
  await Promise.all([live(chair), live(taker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start", exact: true }).click();
  await Promise.all([look(chair, "Meaning"), look(taker, "Meaning")]);
  const child = (page) => page.getByRole("textbox", { name: "Ottilie", exact: true });
  await child(chair).fill("one three");
  await expect(child(taker)).toHaveValue("one three");
  await child(chair).evaluate((box) => box.setSelectionRange(4, 4));
  await child(taker).press("Home");
  await child(taker).pressSequentially("zero ");
  await expect(child(chair)).toHaveValue("zero one three");
  await child(chair).pressSequentially("two ");
  await expect(child(taker)).toHaveValue("zero one two three");
});

test("undo and redo take back and bring again one's own words only", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const taker = await person(PEOPLE.recordTaker);
  const meeting = await plan(chair, server, ["FS-3046"]);
  await taker.goto(meeting);
  await Promise.all([live(chair), live(taker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start", exact: true }).click();
  await Promise.all([look(chair, "Meaning"), look(taker, "Meaning")]);
  const child = (page) => page.getByRole("textbox", { name: "Ottilie", exact: true });
  await child(chair).pressSequentially("mine", { delay: 10 });
  await expect(child(taker)).toHaveValue("mine");
  await child(taker).press("End");
  await child(taker).pressSequentially(" theirs", { delay: 10 });
  await expect(child(chair)).toHaveValue("mine theirs");
  await child(chair).press("Control+z");
  await expect(child(chair)).toHaveValue(" theirs");
  await expect(child(taker)).toHaveValue(" theirs");
  await child(chair).press("Control+Shift+z");
  await expect(child(taker)).toHaveValue("mine theirs");
  await child(taker).press("Control+z");
  await expect(child(chair)).toHaveValue("mine");
});
