// Two people in one box at once, one of them through a cut of ten seconds: no character is lost.
import { PEOPLE, analysisOf, boxOf, expect, live, look, plan, planWith, test } from "./caseround.mjs";

test("two people type in one box, one through a ten-second cut", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const taker = await person(PEOPLE.recordTaker, { expectErrors: ["ERR_INTERNET_DISCONNECTED", "Failed to fetch"] });
  const meeting = await plan(chair, server, ["FS-3046"]);
  await taker.goto(meeting);
  await Promise.all([live(chair), live(taker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await expect(taker.locator(".cr-scene__heading")).toBeVisible();
  await Promise.all([look(chair, "Meaning"), look(taker, "Meaning")]);
  const child = (page) => page.getByRole("textbox", { name: /^Ottilie · FS-/ });
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
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await Promise.all([look(chair, "Meaning"), look(taker, "Meaning")]);
  const child = (page) => page.getByRole("textbox", { name: /^Ottilie · FS-/ });
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
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await Promise.all([look(chair, "Meaning"), look(taker, "Meaning")]);
  const child = (page) => page.getByRole("textbox", { name: /^Ottilie · FS-/ });
  // Each at once: letters that come far apart are edits of their own.
  await child(chair).focus();
  await chair.keyboard.insertText("mine");
  await expect(child(taker)).toHaveValue("mine");
  await child(taker).press("End");
  await taker.keyboard.insertText(" theirs");
  await expect(child(chair)).toHaveValue("mine theirs");
  await child(chair).press("Control+z");
  await expect(child(chair)).toHaveValue(" theirs");
  await expect(child(taker)).toHaveValue(" theirs");
  await child(chair).press("Control+Shift+z");
  await expect(child(taker)).toHaveValue("mine theirs");
  await child(taker).press("Control+z");
  await expect(child(chair)).toHaveValue("mine");
});

/// What input methods, dictation and screen keyboards do, by the browser's own protocol.
async function inputMethod(page) {
  const session = await page.context().newCDPSession(page);
  return {
    compose: (text) => session.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length }),
    commit: (text) => session.send("Input.insertText", { text }),
  };
}

test("a word that is composed comes whole, in every box, while others write and the room goes on", async ({ server, person }) => {
  test.setTimeout(90_000);
  const chair = await person(PEOPLE.chair);
  const worker = await person("julian.yardarm.7002@example.invalid", { viewport: { width: 390, height: 844 } });
  const meeting = await planWith(chair, server, ["FS-3046"]);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await Promise.all([look(chair, "Meaning"), look(worker, "Meaning")]);
  const child = (page) => page.getByRole("textbox", { name: /^Ottilie · FS-/ });
  const method = await inputMethod(worker);

  // A shared box: a colleague writes before the word that is being composed.
  await child(worker).pressSequentially("calm ");
  await expect(child(chair)).toHaveValue("calm ");
  for (const text of ["h", "ha", "hap"]) await method.compose(text);
  await child(chair).press("Home");
  await child(chair).pressSequentially("Mostly ");
  await expect(child(worker), "nothing moves under a word that is composed").toHaveValue("calm hap");
  await method.compose("hapus");
  await method.commit("hapus 嬉しい");
  await expect(child(worker)).toHaveValue("Mostly calm hapus 嬉しい");
  await expect(child(chair)).toHaveValue("Mostly calm hapus 嬉しい");

  // One's own box: a dictated sentence, corrected by the dictation, while the room goes on.
  await look(worker, "Views");
  await analysisOf(worker).focus();
  await method.commit("Mum feels herd today. ");
  await analysisOf(worker).evaluate((box) => box.setSelectionRange(10, 14));
  await method.compose("he");
  await chair.locator("#next-stage").click();
  await method.commit("heard");
  await expect(analysisOf(worker)).toHaveValue("Mum feels heard today. ");
  await expect(boxOf(worker, "My analysis").locator(".cr-state")).toHaveText("Saved");
  await look(chair, "Views");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Mum feels heard today.");

  // A form's field: the word is sent as it was committed.
  await look(worker, "Decide");
  await worker.getByLabel("An option, and what speaks for it and against it").focus();
  await method.compose("aros");
  await method.commit("aros mis");
  await worker.keyboard.press("Enter");
  await look(chair, "Decide");
  await expect(chair.getByText("aros mis").first()).toBeVisible();
});
