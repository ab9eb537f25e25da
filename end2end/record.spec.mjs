// After the meeting: corrections, what signing asks for, one press for the family, additions, copies for somebody.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { PEOPLE, accessible, analysisOf, expect, live, plan, test, signRecords, finish, look } from "./caseround.mjs";

const SPECIALIST = "nadia.quoin.7008@example.invalid";

/// A family finished in a hurry: no reason, a dissent whose reason is to follow, a step nobody owns.
async function finishedInAHurry(server, person) {
  const chair = await person(PEOPLE.chair);
  const meeting = await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await chair.getByRole("button", { name: "Everybody is in the room" }).click();
  const specialist = await person(SPECIALIST);
  await specialist.goto(meeting);
  await live(specialist);
  await look(specialist, "Views");
  await analysisOf(specialist).fill("Strengths: Ivy **settled** at nursery.\n\n- seen twice\n- not alone");
  await expect(specialist.getByText("Saved", { exact: true }).first()).toBeVisible();
  await look(chair, "Decide");
  const decision = chair.locator(".cr-decision").first();
  await decision.getByLabel("What is decided").selectOption({ label: "Continue with the plan" });
  await decision.getByRole("button", { name: "Propose this decision" }).click();
  await look(specialist, "Decide");
  await specialist.getByRole("button", { name: /^Disagree/ }).first().click();
  await expect(chair.locator(".cr-stances").first()).toContainText("Disagree");
  await chair.waitForTimeout(3200);
  await chair.getByRole("button", { name: /^Confirm / }).click();
  const steps = chair.locator(".cr-add-step");
  await steps.getByLabel("What", { exact: true }).fill("Ring the school");
  await steps.getByLabel("What", { exact: true }).press("Enter");
  await expect(chair.locator(".cr-next-steps__step")).toHaveCount(1);
  await finish(chair);
  await expect(chair.locator(".cr-agenda-line")).toContainText("finished");
  return { chair, specialist, meeting };
}

test("a record is corrected, completed, signed in one press, added to, and copied for somebody", async ({ server, person }) => {
  test.setTimeout(120_000);
  const { chair, specialist } = await finishedInAHurry(server, person);
  await chair.goto(`${server.url}/records`);
  await expect(chair.locator(".cr-records").first()).toContainText("FS-3046");
  await accessible(chair, "records to sign");
  await chair.locator(".cr-records a").first().click();
  await expect(chair.getByText("DRAFT")).toBeVisible();
  const record = chair.url();
  await accessible(chair, "a draft with everything missing");

  // The specialist corrects their own words, in place, in one action.
  await specialist.goto(record);
  await expect(specialist.getByText("Correct my words")).toHaveCount(0);
  await accessible(specialist, "a draft as a document");
  await specialist.getByRole("link", { name: "Correct something, or restrict who reads it" }).click();
  await specialist.getByText("Correct my words").click();
  await specialist.locator("details[open]").getByLabel("How it should read").fill("Ivy settled at nursery, seen twice.");
  await specialist.locator("details[open]").getByRole("button", { name: "Ask for this correction" }).click();
  await expect(specialist.locator("#corrections")).toContainText("seen twice");
  await expect(specialist.getByRole("button", { name: /^Sign / })).toHaveCount(0);

  // What was done is heard, too, where the address leads past it to the part that was marked.
  await specialist.addInitScript(() => {
    window.heard = [];
    const hear = (said) => new MutationObserver(() => window.heard.push(said.textContent)).observe(said, { childList: true });
    addEventListener("DOMContentLoaded", () => document.querySelectorAll(".cr-saved p").forEach(hear));
  });
  await specialist.getByRole("link", { name: "Correct something, or restrict who reads it" }).click();
  await specialist.getByText(/^Keep .* from somebody$/).first().click();
  await specialist.locator("details[open]").getByRole("checkbox").last().check();
  await specialist.locator("details[open]").getByLabel("Why? One line, if you like").fill("She has not told him yet");
  await specialist.locator("details[open]").getByRole("button", { name: "Save", exact: true }).click();
  await specialist.waitForURL(/#mark-/);
  await expect.poll(() => specialist.evaluate(() => window.heard.at(-1))).toBe("Who may read this part is saved.");
  await specialist.goto(record);
  await expect(specialist.getByText(/^Kept from .*: .*\. Why: She has not told him yet$/)).toBeVisible();
  await specialist.getByRole("link", { name: "Correct something, or restrict who reads it" }).click();
  await specialist.getByText(/^Kept from /).first().click();
  await specialist.locator("details[open]").getByRole("checkbox").last().uncheck();
  await specialist.locator("details[open]").getByLabel("Why? One line, if you like").fill("She told him on Friday");
  await specialist.locator("details[open]").getByRole("button", { name: "Save", exact: true }).click();
  await specialist.waitForURL(/#mark-/);
  await specialist.goto(record);
  await expect(specialist.getByText(/^Shared again: .*\. Why: She told him on Friday$/)).toBeVisible();

  // Signing says what is missing; nothing else did.
  await chair.reload();
  await chair.getByRole("button", { name: /^Sign / }).click();
  await chair.waitForURL(/\/sign$/);
  await expect(chair.locator("main")).toContainText("no reason");
  await expect(chair.locator("main")).toContainText("missing before you can sign");
  await expect(chair.getByRole("button", { name: /^Sign/ })).toHaveCount(0);
  await accessible(chair, "what is missing before signing");
  await chair.getByRole("link", { name: "Back to the record" }).click();
  const summary = chair.locator(".govuk-error-summary");
  await chair.getByRole("button", { name: "Take it", exact: true }).click();
  await expect(chair.locator(".cr-prose").first()).toContainText("seen twice.");
  const unready = chair.getByRole("region", { name: "Before it can be signed" });
  await unready.getByLabel("The reason of the decision").fill("The children are safer than a month ago.");
  await unready.getByRole("button", { name: "Record this reason" }).first().click();
  await unready.getByText("They gave no reason").click();
  await unready.getByRole("button", { name: /^Record that .* gave no reason$/ }).click();
  await unready.getByLabel("Who").selectOption({ label: "Julian Yardarm, social worker" });
  await unready.getByLabel("By when").fill("soon");
  await unready.getByRole("button", { name: "Save" }).click();
  await expect(summary).toContainText("\"soon\" is not a date");
  await unready.getByLabel("Who").selectOption({ label: "Julian Yardarm, social worker" });
  await unready.getByLabel("By when").fill("8/12/2026");
  await unready.getByRole("button", { name: "Save" }).click();
  await expect(unready).toHaveCount(0);
  await signRecords(chair);
  await expect(chair.locator("main")).toContainText("no reason recorded");
  await accessible(chair, "a signed record");
  // Printed it is a document: nothing to press, no banner, no addresses behind its links.
  await chair.emulateMedia({ media: "print" });
  for (const part of [".cr-saved", "main form", "main button", "main .govuk-button", ".cr-header"]) {
    await expect(chair.locator(part).filter({ visible: true })).toHaveCount(0);
  }
  const behind = await chair.locator("main a").evaluateAll((links) => links.map((link) => getComputedStyle(link, "::after").content));
  expect(behind.filter((content) => !["none", "\"\""].includes(content))).toEqual([]);
  await chair.emulateMedia({ media: "screen" });
  await chair.goto(`${server.url}/records`);
  await expect(chair.getByText("Every record is signed.")).toBeVisible();

  // Something comes later: it stands below, and the first version stays.
  await specialist.goto(record);
  await specialist.getByText("Add something").click();
  await specialist.getByLabel("Why the record needs it").fill("The school rang");
  await specialist.getByLabel("What is added").fill("They saw Ivy on Monday.");
  await specialist.getByRole("button", { name: "Ask for it to be added" }).click();
  await chair.goto(record);
  await chair.getByRole("button", { name: "Accept and sign the new version" }).click();
  await expect(chair.getByText("Signed version 2,")).toBeVisible();
  await chair.getByRole("link", { name: "Version 1", exact: true }).click();
  await expect(chair.locator("main")).not.toContainText("They saw Ivy on Monday");
  await accessible(chair, "a signed version");

  // Each adult gets a message of their own; with abuse in the family somebody reads them together first.
  await chair.goto(record);
  await chair.getByRole("link", { name: "What each adult is told" }).click();
  await chair.getByLabel(/^The message/).first().fill("The nursery says well done.");
  await chair.getByRole("button", { name: "Save this message" }).first().click();
  await expect(chair.getByText("Waits to be read together")).toBeVisible();
  await accessible(chair, "messages");
  await expect(chair.getByText("Somebody else who works with the family")).toBeVisible();
  await specialist.goto(chair.url());
  await specialist.getByRole("button", { name: /^I have read all of them together/ }).click();
  await expect(specialist.getByRole("link", { name: "Print it" })).toBeVisible();

  // A copy for somebody, looked at before it goes.
  await chair.goto(`${record}/copy`);
  await chair.getByLabel("For whom").selectOption({ label: "An inspector" });
  await chair.getByRole("button", { name: "Preview" }).click();
  await expect(chair.locator(".cr-copy")).toContainText("Left out");
  await accessible(chair, "a copy");
  const loading = chair.waitForEvent("download");
  await chair.getByRole("link", { name: "PDF" }).click();
  const file = await (await loading).path();
  expect(readFileSync(file).subarray(0, 5).toString()).toBe("%PDF-");
  const about = execFileSync("qpdf", ["--json=1", file], { encoding: "utf8" });
  for (const wanted of ["/StructTreeRoot", "/MarkInfo", "/Lang", "/Outlines"]) expect(about).toContain(wanted);
  const text = execFileSync("pdftotext", [file, "-"], { encoding: "utf8" });
  for (const part of ["Attendance", "What we heard", "Decision and why", "Next steps", "SHA-256"]) expect(text).toContain(part);
  await chair.goto(`${server.url}/downloads`);
  await expect(chair.locator("main")).toContainText("made a copy of a record as pdf for an inspector");
});

test("a record reads at 320 px and works without scripts", async ({ server, person }) => {
  const { chair } = await finishedInAHurry(server, person);
  await chair.goto(`${server.url}/records`);
  const record = await chair.locator(".cr-records a").first().getAttribute("href");
  const plain = await person(PEOPLE.chair, { javaScriptEnabled: false, viewport: { width: 320, height: 700 } });
  await plain.goto(server.url + record);
  const wide = await plain.locator("body").evaluate((body) => body.scrollWidth - innerWidth).catch(() => 0);
  expect(wide).toBeLessThanOrEqual(0);
  await plain.locator(".cr-unready").getByLabel("The reason of the decision").fill("Safer than a month ago.");
  await plain.locator(".cr-unready").getByRole("button", { name: "Record this reason" }).first().click();
  await expect(plain.locator("main")).toContainText("Why: Safer than a month ago.");
});
