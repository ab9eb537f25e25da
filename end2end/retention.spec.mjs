// How long things are held: a part kept from somebody, a legal hold, and our copy that goes when two people say so.
import { built } from "./built.mjs";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PEOPLE, accessible, expect, live, plan, startServer, test, signRecords, closeMeeting, finish } from "./caseround.mjs";

const SERVICE_MANAGER = "fergus.limekiln.7037@example.invalid";
const BROKEN = { expectErrors: ["ERR_", "Failed to", "503"] };

test("a hold stops everything, and two people end our copy of a family's records", async ({ server, person }) => {
  test.setTimeout(180_000);
  const shelf = join(server.folder, "shelf");
  const settings = join(server.folder, "settings.toml");
  mkdirSync(shelf);
  writeFileSync(settings, `[[target]]\nkind = "folder"\nname = "shelf"\npath = ${JSON.stringify(shelf)}\n`);
  await server.stop();
  let running = await startServer({ folder: server.folder, port: server.port, settings });
  const chair = await person(PEOPLE.chair, BROKEN);
  await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await expect(chair.locator(".cr-scene__heading")).toBeVisible();
  await finish(chair);
  await expect(chair.locator(".cr-agenda-line")).toContainText("finished");
  await closeMeeting(chair);
  await chair.goto(`${server.url}/records`);
  const records = await chair.locator(".cr-records a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));

  // What nobody decided in the room is decided after it; the meaning is kept from an adult, in one action.
  for (const record of records) {
    await chair.goto(server.url + record);
    const unready = chair.getByRole("region", { name: "Before it can be signed" });
    // Attendance is one for the whole family.
    const there = unready.getByRole("button", { name: "They were there" });
    if (await there.count()) await there.click();
    await expect(there).toHaveCount(0);
    await unready.getByLabel("What you decide for this child now").selectOption({ label: "Continue with the plan" });
    await unready.getByLabel("Why", { exact: true }).fill("Safer than a month ago.");
    await unready.getByRole("button", { name: "Record this decision" }).click();
    await expect(unready).toHaveCount(0);
  }
  await chair.getByRole("link", { name: "Correct something, or restrict who reads it" }).click();
  await chair.getByText("Keep the decision’s reason from somebody").click();
  await chair.locator("details[open]").getByRole("checkbox").first().check();
  await chair.locator("details[open]").getByRole("button", { name: "Save" }).click();
  await expect(chair.getByText(/^Kept from /)).toBeVisible();
  await accessible(chair, "a draft with a part that is kept from somebody");
  await signRecords(chair);
  await chair.getByRole("link", { name: "FS-3046", exact: true }).click();
  // It goes by itself, a moment after it was signed.
  await expect(async () => {
    await chair.reload();
    await expect(chair.locator("main").getByText("arrived").first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 15_000 });
  const family = chair.url();

  // A hold is put on the family; years later it still stands, and somebody ends it.
  await chair.getByText("Put a legal hold on this family").click();
  await chair.getByLabel(/^Why: proceedings/).fill("Care proceedings");
  await chair.getByRole("button", { name: "Hold", exact: true }).click();
  await expect(chair.locator("main")).toContainText("Care proceedings");
  await accessible(chair, "a family that is held");
  await running.stop();
  running = await startServer({ folder: server.folder, port: server.port, settings, clock: "2031-01-06T09:00:00Z" });
  const again = await person(PEOPLE.chair, BROKEN);
  await again.goto(`${server.url}/retention`);
  await expect(again.getByText("Nothing has expired.")).toBeVisible();
  await expect(again.locator("table")).toContainText("held: Care proceedings");
  await accessible(again, "what is held, and until when");
  // Whoever put it there does not end it.
  await again.goto(family);
  await expect(again.locator("main")).toContainText("Somebody else who manages the team ends it.");
  await expect(again.getByRole("button", { name: "End the hold" })).toHaveCount(0);
  const second = await person(SERVICE_MANAGER, BROKEN);
  await second.goto(`${server.url}/families/open?reference=FS-3046`);
  await second.getByLabel("Why you need it now").fill("I was asked to end the hold.");
  await second.getByRole("button", { name: "Open for one hour" }).click();
  await expect(second).toHaveURL(family);
  await second.getByRole("button", { name: "End the hold" }).click();
  await again.goto(`${server.url}/retention`);
  // What is kept from somebody left by itself to nowhere: a copy for the child's own file comes first.
  await expect(again.locator("table")).toContainText("no other file");
  await again.goto(`${server.url}${records.at(-1)}/copy`);
  await again.getByLabel("For whom").selectOption({ label: "The child’s own file" });
  await again.getByRole("button", { name: "Preview" }).click();
  const loading = again.waitForEvent("download");
  await again.getByRole("button", { name: /^I have read it and it may go ?: PDF/ }).click();
  await loading;
  await again.goto(`${server.url}/retention`);
  const lines = again.locator(".cr-records > li");
  await expect(lines).toHaveCount(records.length);
  for (const _ of records) await again.getByRole("button", { name: /^Propose that it goes/ }).first().click();
  await expect(again.getByText("It waits for a second person.")).toHaveCount(records.length);
  await expect(again.getByRole("link", { name: /^Agree/ })).toHaveCount(0);
  await second.goto(`${server.url}/retention`);
  await accessible(second, "what another person proposed");
  await second.getByRole("link", { name: /^Agree that our copy is destroyed/ }).first().click();
  await expect(second.getByRole("heading", { level: 1 })).toContainText("Destroy our copy");
  await accessible(second, "the page before destroying");
  await second.getByRole("link", { name: "Do not destroy it" }).click();
  for (const _ of records) {
    await second.getByRole("link", { name: /^Agree that our copy is destroyed/ }).first().click();
    await second.getByRole("button", { name: "Destroy our copy" }).click();
    await expect(second.getByText("Our copy is destroyed.")).toBeVisible();
  }
  await second.goto(server.url + records[0]);
  await expect(second.getByRole("heading", { name: "Page not found" })).toBeVisible();
  const verify = execFileSync(`${built("debug")}/caseround`, ["verify", "--demo", "--journals", "--database", server.database], { encoding: "utf8" });
  expect(verify).toContain(`${records.length} of them were destroyed`);
  expect(verify).toContain("none is missing");
  const listed = execFileSync(`${built("debug")}/caseround`, ["retention", "--demo", "--database", server.database], { encoding: "utf8" });
  expect(listed).toContain("0 expired. Nothing was changed.");
  await running.stop();
});
