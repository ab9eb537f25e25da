// A confidential look: asked for, agreed to by two leads, opened for an hour, looked at afterwards; nobody on the family is told.
import { execFileSync } from "node:child_process";
import { built } from "./built.mjs";
import { PEOPLE, accessible, expect, test } from "./caseround.mjs";

const ADMINISTRATOR = "karolina.nutbrown.7032@example.invalid";
const ASKER = "kieran.beechnut.7025@example.invalid";
const LEADS = { "Bethan Plumbline": "bethan.plumbline.7013@example.invalid", "Fergus Limekiln": "fergus.limekiln.7037@example.invalid" };

test("a confidential look is agreed to by two leads and told to nobody on the family", async ({ server, person }) => {
  execFileSync(`${built("debug")}/caseround`, ["account", "administrator", ADMINISTRATOR, "--database", server.database, "--demo", "--clock", "2026-11-24T09:25:00Z"], { stdio: "pipe" });
  const administrator = await person(ADMINISTRATOR);
  for (const name of Object.keys(LEADS)) {
    await administrator.goto(`${server.url}/roles/new`);
    await administrator.getByLabel("Role").selectOption("lead");
    const who = administrator.getByLabel("Who", { exact: true });
    await who.selectOption(await who.locator("option", { hasText: name }).getAttribute("value"));
    await administrator.getByLabel("Last day").fill("1/6/2027");
    await administrator.getByRole("button", { name: "Give this role" }).click();
    await expect(administrator.locator(".cr-saved")).toContainText(name);
  }
  const asker = await person(ASKER, { expectErrors: ["404"] });
  await asker.goto(`${server.url}/families/open`);
  await asker.locator("#reference").fill("FS-3046");
  await asker.getByLabel("Why you need it now").fill("Somebody on it may be the uncle.");
  await asker.getByRole("button", { name: "Ask for a confidential look" }).click();
  await expect(asker.locator(".cr-saved")).toContainText("The leads are asked.");
  await expect(asker.getByText("Waits for the leads: 0 of 2 agreed.")).toBeVisible();
  await expect(asker.getByRole("button", { name: "Open for one hour" })).toHaveCount(0);
  await accessible(asker, "a confidential look that waits");

  const leads = [];
  for (const [name, email] of Object.entries(LEADS)) {
    const lead = await person(email);
    leads.push(lead);
    await lead.getByRole("link", { name: "Answer confidential looks" }).click();
    await expect(lead.getByText("Somebody on it may be the uncle.")).toBeVisible();
    await accessible(lead, "confidential looks of a lead");
    await lead.getByRole("button", { name: "Agree", exact: true }).click();
    await expect(lead.getByText(`${name} agreed`)).toBeVisible();
    await expect(lead.getByRole("button", { name: "Agree", exact: true })).toHaveCount(0);
  }

  await asker.goto(`${server.url}/confidential`);
  await asker.getByRole("button", { name: "Open for one hour" }).click();
  await expect(asker.getByText("You have this family open until 10:25.")).toBeVisible();
  const family = asker.url();
  const manager = await person(PEOPLE.chair);
  for (const page of [family, `${family}/access`, `${server.url}/openings`]) {
    await manager.goto(page);
    await expect(manager.locator("main")).not.toContainText("Kieran Beechnut");
  }
  const [lead] = leads;
  await lead.goto(`${server.url}/confidential`);
  await expect(lead.getByText(/opened the workbook/)).toBeVisible();
  await lead.getByLabel(/^What you found: Kieran Beechnut/).fill("He read what he needed.");
  await lead.getByRole("button", { name: "Save my review" }).click();
  await expect(lead.getByText("He read what he needed.")).toBeVisible();
  await asker.goto(family);
  await asker.getByRole("button", { name: "Close it now" }).click();
  await asker.goto(`${server.url}/confidential`);
  await expect(asker.getByText("It was opened. 1 of 2 leads looked at what was seen.")).toBeVisible();
});
