// What every journey needs: a server of its own, people who sign in, and eyes for errors.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, test as base } from "@playwright/test";
import { built } from "./built.mjs";

export const PASSWORD = "a quiet colleague";
/// The demo's people by their part in the journeys, all of the same family where they work with one.
export const PEOPLE = {
  chair: "zara.northlight.7001@example.invalid",
  recordTaker: "damian.anvil.7012@example.invalid",
};

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/// A server on an empty database in the sample's November 2026.
export async function startServer({ clock = "2026-11-24T09:25:00Z", folder = mkdtempSync(join(tmpdir(), "caseround-")), binary = `${built("debug")}/caseround`, port, assets, certificate, key, settings } = {}) {
  port ??= await freePort();
  const url = `${certificate ? "https" : "http"}://127.0.0.1:${port}`;
  const database = join(folder, "demo.sqlite");
  const args = ["serve", "--demo", "--database", database, "--listen", `127.0.0.1:${port}`, "--clock", clock];
  if (settings) args.push("--settings", settings);
  if (assets) args.push("--assets", assets);
  if (certificate) args.push("--certificate", certificate, "--key", key);
  const process = spawn(binary, args, { stdio: ["ignore", "inherit", "pipe"] });
  let log = "";
  process.stderr.on("data", (data) => (log += data));
  for (let tries = 0; ; tries++) {
    // A certificate made for a test is nobody's: that its server says it serves is enough.
    const ready = certificate ? log.includes("Serving on") : await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);
    if (ready) break;
    if (tries > 300 || process.exitCode !== null) throw new Error(`the server did not start: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const stop = (signal = "SIGTERM") =>
    new Promise((resolve) => {
      if (process.exitCode !== null || process.signalCode !== null) return resolve();
      process.once("exit", resolve);
      process.kill(signal);
    });
  return { url, port, folder, database, process, stop, log: () => log, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/// A test with a server of its own, and a `person` who signs in in a browser of their own.
export const test = base.extend({
  server: async ({}, use) => {
    const server = await startServer();
    await use(server);
    await server.stop();
    server.remove();
  },
  person: async ({ browser, server }, use, info) => {
    const contexts = [];
    const errors = [];
    await use(async (email, options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1366, height: 900 }, ...options });
      contexts.push(context);
      const page = await context.newPage();
      watch(page, email, errors, options.expectErrors);
      await page.goto(`${server.url}/sign-in`);
      await page.getByLabel("E-mail").fill(email);
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await expect(page.getByRole("heading", { name: "Meetings", level: 1 })).toBeVisible();
      return page;
    });
    for (const context of contexts) await context.close();
    expect(errors, "console errors and hydration warnings").toEqual([]);
  },
});

function watch(page, who, errors, expected = []) {
  page.on("console", (message) => {
    const text = message.text();
    if (["error", "warning"].includes(message.type()) && !expected.some((known) => text.includes(known))) errors.push(`${who}: ${text}`);
  });
  page.on("pageerror", (error) => errors.push(`${who}: ${error.message}`));
}

/// No violation of WCAG 2.2 A and AA on the page as it stands.
export async function accessible(page, where) {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  const told = violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.html).slice(0, 3).join(" | ")}`);
  expect(told, `accessibility of ${where}`).toEqual([]);
}

/// Scripts are running and the stream is open.
export const live = (page) => expect(page.locator(".cr-meeting.cr-live")).toBeVisible();

/// Plans a meeting of these families by their references, and gives its address.
export async function plan(page, server, references) {
  await page.goto(`${server.url}/meetings/new`);
  for (const reference of references) {
    const row = page.locator(".cr-plan__family", { hasText: reference });
    await row.getByRole("checkbox").check();
  }
  await page.getByRole("button", { name: "Save the plan" }).click();
  await page.waitForURL(/\/meetings\/[0-9a-f-]{36}$/);
  return page.url();
}

/// Plans a meeting under a template.
export async function planWith(page, server, references, title = "Full") {
  await page.goto(`${server.url}/meetings/new`);
  for (const reference of references) await page.locator(".cr-plan__family", { hasText: reference }).getByRole("checkbox").check();
  await page.getByLabel("Template").selectOption({ label: title });
  await page.getByRole("button", { name: "Save the plan" }).click();
  await page.waitForURL(/\/meetings\/[0-9a-f-]{36}/);
  if (page.url().includes("/plan")) await page.getByRole("link", { name: "go to the meeting" }).click();
  await page.waitForURL(/\/meetings\/[0-9a-f-]{36}$/);
  return page.url();
}

/// Presses "Next" until the room is at a heading; what comes next is in sight without scrolling, and so is the way on.
export async function turnTo(page, title, press = (button) => button.click()) {
  const now = page.locator(".cr-stage--now");
  for (let tries = 0; tries < 12; tries++) {
    const here = await now.getByRole("heading").first().innerText();
    if (here.startsWith(title)) break;
    await expect(page.locator(".cr-turn__now")).toContainText(here.replace(/\s*now$/, ""));
    await press(page.locator("#next-stage"));
    await expect(now.getByRole("heading").first()).not.toHaveText(here);
  }
  await expect(now.getByRole("heading").first()).toContainText(title);
  await expect(page.locator(".cr-turn__now")).toContainText(title);
  await expect(now.getByRole("heading").first()).toBeInViewport();
  const first = now.locator("textarea:visible, input:not([type=hidden]):visible, select:visible, button:visible").first();
  if (await first.count()) await expect(first, `the first thing of "${title}" is in sight`).toBeInViewport();
  const next = page.locator("#next-stage");
  await expect((await next.count()) ? next : page.getByRole("button", { name: "Finish this family" }), "the way on is in sight").toBeInViewport();
}

/// Opens the person's own menu and presses "Sign out".
export async function signOut(page) {
  const menu = page.locator(".cr-menu");
  if ((await menu.getAttribute("open")) === null) await menu.locator("summary").click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
}

/// Closes the meeting, by the page between.
export async function closeMeeting(page) {
  await page.getByText("Hand over, close").click();
  await page.getByRole("button", { name: "Close meeting" }).click();
  await page.waitForURL(/\/close$/);
  await page.getByRole("button", { name: "Close meeting" }).click();
  await expect(page.getByText(/^Closed at/)).toBeVisible();
}

/// From a draft to the page that signs, and signs there.
export async function signRecords(page) {
  await page.getByRole("button", { name: /^Sign (this record|\d+ records)$/ }).click();
  await page.waitForURL(/\/sign$/);
  await page.getByRole("button", { name: /^Sign/ }).click();
  await expect(page.getByText("The records are signed")).toBeVisible();
}

/// One heading of the meeting's page with what stands under it.
export const stage = (page, title) => page.locator(".cr-stage", { has: page.getByRole("heading", { name: new RegExp(`^${title}`) }) });

/// Opens a folded heading, as anybody may at any time.
export async function unfold(page, title) {
  const heading = stage(page, title);
  if ((await heading.getAttribute("open")) === null) await heading.locator("summary").first().click();
}

/// One's own analysis box.
export const analysisOf = (page) => page.getByRole("textbox", { name: /^My analysis/ });

/// The box headed by somebody's name.
export const boxOf = (page, name) => page.locator(".cr-box", { has: page.getByRole("heading", { name: new RegExp(`^${name}`) }) });

export { expect };
