// Accounts: a colleague added by hand chooses a password by a link, changes it, and is out at once when they leave.
import { execFileSync } from "node:child_process";
import { built } from "./built.mjs";
import { PEOPLE, accessible, expect, test } from "./caseround.mjs";

test("a colleague is given an account, signs in, and is out at once when they leave", async ({ server, person, browser }) => {
  const chair = await person(PEOPLE.chair);
  await chair.goto(`${server.url}/workers/new`);
  await chair.getByLabel("Name", { exact: true }).fill("Robin Saltmarsh");
  await chair.getByLabel("Discipline").selectOption({ label: "mental health practitioner" });
  await chair.getByLabel("Team").selectOption({ label: "Family Safeguarding Team Ashmere" });
  await chair.getByRole("button", { name: "Save", exact: true }).click();
  await chair.getByRole("link", { name: "Robin Saltmarsh" }).click();
  await chair.getByLabel("E-mail address they sign in with").fill("robin@council.example");
  await chair.getByRole("button", { name: "Give an account" }).click();
  const link = (await chair.locator(".cr-once").textContent()).trim();
  await expect(chair.locator(".cr-saved")).toContainText("is not shown again");
  await accessible(chair, "a link to choose a password");
  await chair.reload();
  await expect(chair.locator(".cr-once")).toHaveCount(0);

  const context = await browser.newContext();
  const robin = await context.newPage();
  await robin.goto(link.replace(/^https?:\/\/[^/]+/, server.url));
  await accessible(robin, "choosing a password");
  await robin.getByLabel("Password").fill("password1234");
  await robin.getByRole("button", { name: "Set this password" }).click();
  await expect(robin.locator(".govuk-error-summary")).toContainText("easy to guess");
  await robin.getByLabel("Password").fill("plum kettle orbit");
  await robin.getByRole("button", { name: "Set this password" }).click();
  await expect(robin.locator(".cr-saved")).toContainText("Your password is set.");
  const signIn = async (page, password) => {
    await page.getByLabel("E-mail").fill("robin@council.example");
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
  };
  await signIn(robin, "plum kettle orbit");
  await robin.waitForURL(/\/meetings$/);

  // A second browser is listed, and signed out by a new password.
  const phone = await (await browser.newContext()).newPage();
  await phone.goto(`${server.url}/sign-in`);
  await signIn(phone, "plum kettle orbit");
  await phone.waitForURL(/\/meetings$/);
  await robin.goto(`${server.url}/me`);
  await expect(robin.getByRole("button", { name: /^Sign out there/ })).toHaveCount(1);
  await accessible(robin, "my details with password and browsers");
  await robin.getByLabel("Password now").fill("plum kettle orbit");
  await robin.getByLabel("New password").fill("violet harbour stapler");
  await robin.getByRole("button", { name: "Change my password" }).click();
  await expect(robin.locator(".cr-saved")).toContainText("Everywhere else you are signed out.");
  await expect(robin.getByRole("button", { name: /^Sign out there/ })).toHaveCount(0);
  await phone.reload();
  await expect(phone).toHaveURL(/\/sign-in/);

  // They leave: the account ends, and it can be taken back.
  await chair.getByRole("button", { name: "End this account" }).click();
  await expect(chair.locator(".cr-saved")).toContainText("signed out everywhere");
  await robin.goto(`${server.url}/meetings`);
  await expect(robin).toHaveURL(/\/sign-in/);
  await signIn(robin, "violet harbour stapler");
  await expect(robin.locator(".govuk-error-summary")).toContainText("is not right");
  await chair.locator(".cr-saved").getByRole("button", { name: "Undo" }).click();
  await expect(chair.locator(".cr-saved")).toContainText("open again");
  await expect(chair.locator("main")).toContainText("account ended, Zara Northlight");
});

test("one person whom an extract brought twice is merged, and separated again", async ({ server, person }) => {
  const administrator = "karolina.nutbrown.7032@example.invalid";
  execFileSync(`${built("debug")}/caseround`, ["account", "administrator", administrator, "--database", server.database, "--demo", "--clock", "2026-11-24T09:25:00Z"], { stdio: "pipe" });
  const page = await person(administrator);
  await page.goto(`${server.url}/workers/new`);
  await page.getByLabel("Name", { exact: true }).fill("Nadia Quoin");
  await page.getByLabel("Discipline").selectOption({ label: "mental health practitioner" });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const rows = page.getByRole("row", { name: /Nadia Quoin/ });
  await expect(rows).toHaveCount(2);
  await rows.filter({ hasText: "Ashmere" }).getByRole("link").click();
  await page.getByRole("button", { name: "Merge it into this entry" }).click();
  await expect(page.locator(".govuk-error-summary")).toContainText("Choose the other entry.");
  await page.getByLabel("Another entry with this name or staff number").selectOption({ label: "Nadia Quoin, mental health practitioner" });
  await page.getByRole("button", { name: "Merge it into this entry" }).click();
  await expect(page.locator(".cr-saved")).toContainText("The two entries are one person now.");
  await accessible(page, "a worker with a merged entry");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.locator(".cr-saved")).toContainText("They are two entries again.");
  await expect(page.getByRole("button", { name: "Merge it into this entry" })).toBeVisible();
});
