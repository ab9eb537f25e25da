// Signing in at a council's identity provider.
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PASSWORD, PEOPLE, WORKER, accessible, expect, freePort, signOut, startServer, test as base } from "./caseround.mjs";
import { startProvider } from "./provider.mjs";

const NADIA = "nadia.quoin.7008@example.invalid";

const test = base.extend({
  /// More lines of the provider's settings.
  more: ["", { option: true }],
  provider: async ({ port }, use) => {
    const provider = await startProvider(`http://127.0.0.1:${port}`);
    await use(provider);
    await provider.stop();
  },
  port: async ({}, use) => use(await freePort()),
  server: async ({ demo, port, provider, more }, use) => {
    const folder = mkdtempSync(join(tmpdir(), "caseround-"));
    cpSync(demo, folder, { recursive: true });
    writeFileSync(join(folder, "secret"), "a secret of the council and its provider\n");
    const settings = join(folder, "settings.toml");
    writeFileSync(settings, `
council = "Northshire"
[[provider]]
key = "council"
name = "Northshire Council"
issuer = "${provider.issuer}"
client_id = "caseround"
secret_file = "secret"
domains = ["example.invalid"]
${more}
`);
    const server = await startServer({ folder, port, settings });
    await use(server);
    await server.stop();
    server.remove();
  },
});

/// Goes to the provider from the sign-in page.
async function signInThere(page, server) {
  await page.goto(`${server.url}/sign-in`);
  await page.getByRole("button", { name: "Sign in with Northshire Council" }).click();
}

/// Links one's own account, which one is signed in to with a password.
async function linkOwn(page, server) {
  await page.goto(`${server.url}/me`);
  // An open browser alone is not enough.
  await page.getByRole("button", { name: "Sign in with Northshire Council" }).click();
  await expect(page.getByRole("alert")).toContainText("This is not your password");
  await page.getByLabel("Your password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in with Northshire Council" }).click();
  await expect(page.locator(".cr-saved")).toContainText("You sign in with Northshire Council from now on.");
}

const meetings = (page) => expect(page.getByRole("heading", { name: "Meetings", level: 1 })).toBeVisible();

test("a person links their account once, signs in at the provider from then on, and signs out there too", async ({ server, person, provider, browser }) => {
  provider.person = { sub: "8a1f-julian", email: WORKER };
  // The provider's own pages lack an icon and a font.
  const julian = await person(WORKER, { expectErrors: ["Failed to load resource"] });
  await linkOwn(julian, server);
  await accessible(julian, "my details, linked");
  await expect(julian.getByText("You sign in with Northshire Council. It asks")).toBeVisible();
  await julian.goto(`${server.url}/me/second-factor`);
  await expect(julian.getByText("which decides whether to ask for a second factor")).toBeVisible();

  await signOut(julian);
  await expect(julian.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  await accessible(julian, "signed out, with the way out of the provider");
  // The password has ended with the link.
  await julian.getByLabel("E-mail").fill(WORKER);
  await julian.getByLabel("Password").fill(PASSWORD);
  await julian.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(julian.getByRole("alert")).toContainText("E-mail or password is not right");

  // Where they wanted to go is where they come.
  await julian.goto(`${server.url}/steps`);
  await julian.getByRole("button", { name: "Sign in with Northshire Council" }).click();
  await expect(julian).toHaveURL(/\/steps$/);

  await signOut(julian);
  await julian.getByRole("link", { name: "sign out of Northshire Council too" }).click();
  await julian.getByRole("button", { name: "Yes, sign me out" }).click();
  await expect(julian).toHaveURL(/\/sign-in$/);
  // Without a session there, the provider asks again who it is.
  provider.person = { sub: "nobody-we-know", email: "someone.else@example.invalid" };
  await signInThere(julian, server);
  await expect(julian.getByRole("alert")).toContainText("no account in Caseround is linked to you there");
  expect(browser.isConnected()).toBe(true);
});

test("an invitation links one account, and only to its own person", async ({ server, person, provider, browser }) => {
  const chair = await person(PEOPLE.chair);
  await chair.goto(`${server.url}/workers`);
  await chair.getByRole("link", { name: "Nadia Quoin" }).click();
  await chair.getByRole("button", { name: "Make a new link" }).click();
  const link = (await chair.locator(".cr-once").textContent()).trim();

  const context = await browser.newContext();
  const page = await context.newPage();
  // Somebody else's session at the provider, on a shared device.
  provider.person = { sub: "8a1f-julian", email: WORKER };
  await page.goto(link);
  await expect(page.getByLabel("Password")).toHaveCount(0);
  await accessible(page, "an invitation to sign in at the provider");
  await page.getByRole("button", { name: "Sign in with Northshire Council" }).click();
  await expect(page.getByRole("alert")).toContainText(`You are signed in at Northshire Council as ${WORKER}`);
  // The link is not spent by that.
  await context.clearCookies();
  provider.person = { sub: "77-nadia", email: NADIA };
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in with Northshire Council" }).click();
  await expect(page.locator(".cr-saved")).toContainText("You sign in with Northshire Council from now on.");
  await meetings(page);
  // Now it is.
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "This link works no more" })).toBeVisible();
  // An identity is one account's.
  await chair.goto(`${server.url}/workers`);
  await chair.getByRole("link", { name: "Nadia Quoin" }).click();
  await expect(chair.getByText("They sign in with Northshire Council")).toBeVisible();
  await context.close();
});

test("what the provider refuses, or somebody else began, signs nobody in", async ({ server, person, provider, browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  provider.person = null;
  await signInThere(page, server);
  await expect(page.getByRole("alert")).toContainText("Northshire Council did not sign you in");
  // An answer for a trip that this browser never made.
  await page.goto(`${server.url}/sign-in/back/council?code=abc&state=def`);
  await expect(page.getByRole("alert")).toContainText("begun in another browser");
  // A link that leads elsewhere afterwards.
  provider.person = { sub: "8a1f-julian", email: WORKER };
  const julian = await person(WORKER);
  await linkOwn(julian, server);
  await page.goto(`${server.url}/sign-in?next=//evil.example/`);
  await page.getByRole("button", { name: "Sign in with Northshire Council" }).click();
  await meetings(page);
  // One comes to the provider by a press on our own page alone.
  const cross = await page.request.post(`${server.url}/api/sign-in/with`, { form: { provider: "council" }, headers: { origin: "https://evil.example" } });
  expect(cross.status()).toBe(403);
  // The provider away: the page says so, and the others go on.
  await provider.stop();
  await context.clearCookies();
  await signInThere(page, server);
  // What it publishes of itself is known for an hour; the browser finds nobody there.
  await expect(page).not.toHaveURL(/\/meetings/);
  await context.close();
});

test("signing out at the provider ends the session here within a second", async ({ server, person, provider }) => {
  provider.person = { sub: "8a1f-julian", email: WORKER };
  const julian = await person(WORKER);
  await linkOwn(julian, server);
  const there = await julian.context().newPage();
  await there.goto(`${provider.issuer}/session/end`);
  await there.getByRole("button", { name: "Yes, sign me out" }).click();
  await there.waitForLoadState();
  await expect.poll(async () => (await julian.request.get(`${server.url}/meetings`, { headers: { accept: "text/html" } })).url(), { timeout: 2_000 }).toContain("/sign-in");
  // Anybody's word is not the provider's.
  for (const token of ["", "nonsense", "eyJhbGciOiJub25lIn0.eyJzdWIiOiI4YTFmLWp1bGlhbiJ9."]) {
    const forged = await there.request.post(`${server.url}/sign-in/ended/council`, { form: { logout_token: token } });
    expect(forged.status(), token).toBe(400);
  }
});

test.describe("with a second factor asked for", () => {
  test.use({ more: 'amr = ["mfa"]' });
  test("a sign-in there without one is not enough", async ({ server, person, provider, browser }) => {
    provider.person = { sub: "8a1f-julian", email: WORKER, amr: ["pwd", "mfa"] };
    const julian = await person(WORKER);
    await linkOwn(julian, server);
    const context = await browser.newContext();
    const page = await context.newPage();
    provider.person = { sub: "8a1f-julian", email: WORKER, amr: ["pwd"] };
    await signInThere(page, server);
    await expect(page.getByRole("alert")).toContainText("did not ask you for a second factor");
    await context.clearCookies();
    provider.person = { sub: "8a1f-julian", email: WORKER, amr: ["mfa"] };
    await signInThere(page, server);
    await meetings(page);
    await context.close();
  });
});

test.describe("with groups that give roles", () => {
  test.use({ more: 'groups = { "caseround-admins" = "administrator" }' });
  test("a group gives a role, and takes it away when it is gone", async ({ server, person, provider, browser }) => {
    provider.person = { sub: "8a1f-julian", email: WORKER, groups: ["staff", "caseround-admins"] };
    const julian = await person(WORKER);
    await linkOwn(julian, server);
    await julian.goto(`${server.url}/roles`);
    await expect(julian.getByRole("row", { name: /Julian Yardarm/ })).toContainText("a group at Northshire Council");
    await julian.goto(`${server.url}/workers`);
    await julian.getByRole("link", { name: "Nadia Quoin" }).click();
    await julian.getByLabel("Who they are at Northshire Council").fill("77-nadia");
    const link = julian.getByRole("button", { name: "Link this account" });
    await link.click();
    // The provider did not say when it asked who they are: it asks again, and what was typed is there.
    await julian.getByRole("button", { name: "Confirm with Northshire Council" }).click();
    await expect(julian.getByLabel("Who they are at Northshire Council")).toHaveValue("77-nadia");
    await link.click();
    await expect(julian.locator(".cr-saved")).toContainText("Their account is linked.");
    await julian.getByRole("button", { name: "Remove the link to them there" }).click();
    await expect(julian.locator(".cr-saved")).toContainText("Their account is linked no more");

    for (const groups of [["staff"], undefined]) {
      const context = await browser.newContext();
      const page = await context.newPage();
      provider.person = { sub: "8a1f-julian", email: WORKER, groups: ["caseround-admins"] };
      await signInThere(page, server);
      await meetings(page);
      await context.clearCookies();
      provider.person = { sub: "8a1f-julian", email: WORKER, groups };
      await signInThere(page, server);
      await expect(page.locator(".cr-saved")).toContainText(groups ? "does not name you in its group" : "sends no groups any more");
      // At once, in every browser.
      expect((await julian.request.get(`${server.url}/roles`)).status()).toBe(404);
      await context.close();
    }
  });
});

test("whoever signs in at a provider shows there who they are before they open a family with a reason", async ({ server, person, provider }) => {
  const elsewhere = "kieran.beechnut.7025@example.invalid";
  provider.person = { sub: "25-kieran", email: elsewhere };
  const kieran = await person(elsewhere, { expectErrors: ["Failed to load resource"] });
  await linkOwn(kieran, server);
  await kieran.goto(`${server.url}/families/open`);
  await kieran.locator("#reference").fill("FS-3046");
  await kieran.getByLabel("Why you need it now").fill("out of hours, the school rang");
  await kieran.getByRole("button", { name: "Open for one hour" }).click();
  const confirm = kieran.getByRole("button", { name: "Confirm with Northshire Council" });
  await accessible(kieran, "confirming that it is still them");
  await confirm.click();
  await expect(kieran.getByLabel("Why you need it now")).toHaveValue("out of hours, the school rang");
  await kieran.getByRole("button", { name: "Open for one hour" }).click();
  await expect(kieran.getByText("You have this family open until")).toBeVisible();
});
