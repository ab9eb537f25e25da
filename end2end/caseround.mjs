// What every journey needs: a server of its own, people who sign in, and eyes for errors.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
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

export const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/// A server on an empty database in the sample's November 2026.
export async function startServer({ clock = "2026-11-24T09:25:00Z", folder = mkdtempSync(join(tmpdir(), "caseround-")), binary = `${built("debug")}/caseround`, port, assets, certificate, key, settings, database = join(folder, "demo.sqlite") } = {}) {
  port ??= await freePort();
  const url = `${certificate ? "https" : "http"}://127.0.0.1:${port}`;
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
  // The demo is put into a database once; each test begins with a copy.
  demo: [async ({}, use) => {
    const server = await startServer();
    await server.stop();
    await use(server.folder);
    server.remove();
  }, { scope: "worker" }],
  server: async ({ demo }, use) => {
    const folder = mkdtempSync(join(tmpdir(), "caseround-"));
    cpSync(demo, folder, { recursive: true });
    const server = await startServer({ folder });
    await use(server);
    await server.stop();
    server.remove();
  },
  person: async ({ browser, server }, use) => {
    const contexts = [];
    const errors = [];
    await use(async (email, { password = PASSWORD, ...options } = {}) => {
      const context = await browser.newContext({ viewport: { width: 1366, height: 900 }, ...options });
      contexts.push(context);
      if (options.ariaNotify === false) await context.addInitScript(() => delete Document.prototype.ariaNotify);
      await context.addInitScript(noteAnnouncements);
      const page = await context.newPage();
      watch(page, email, errors, options.expectErrors);
      await page.goto(`${server.url}/sign-in`);
      await page.getByLabel("E-mail").fill(email);
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await expect(page.getByRole("heading", { name: "Meetings", level: 1 })).toBeVisible();
      return page;
    });
    for (const context of contexts) await context.close();
    expect(errors, "console errors and hydration warnings").toEqual([]);
  },
});

/// Keeps what the page has the browser say, or what its status region holds where the browser cannot.
function noteAnnouncements() {
  window.announced = [];
  if (document.ariaNotify) {
    const say = document.ariaNotify.bind(document);
    document.ariaNotify = (words) => { window.announced.push(words); say(words); };
    return;
  }
  addEventListener("DOMContentLoaded", () => {
    const region = document.querySelector(".cr-meeting > [role=status]");
    if (!region) return;
    const keep = () => region.textContent.trim() && window.announced.push(region.textContent.trim());
    new MutationObserver(keep).observe(region, { childList: true, characterData: true, subtree: true });
  });
}

/// Every sentence that a screen reader was given since the page was opened.
export const announced = (page) => page.evaluate(() => window.announced);

function watch(page, who, errors, expected = []) {
  page.on("console", (message) => {
    const text = message.text();
    if (["error", "warning"].includes(message.type()) && !expected.some((known) => text.includes(known))) errors.push(`${who}: ${text}`);
  });
  page.on("pageerror", (error) => errors.push(`${who}: ${error.message}`));
}

/// No violation of WCAG 2.2 A and AA on the page as it stands.
export async function accessible(page, where) {
  // What the bars hide for as long as one scrolls is no fault of the target.
  await page.evaluate(() => scrollTo(0, 0));
  // A page without its style sheet yet has the sizes of no style sheet.
  await page.waitForLoadState("load");
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

/// The allocated social worker of FS-3046.
export const WORKER = "julian.yardarm.7002@example.invalid";

/// A meeting of one family under discussion, on the pages of the chair and of its social worker. `options` are theirs;
/// `planned` plans it.
export async function begun(server, person, options = {}, planned = plan) {
  const chair = await person(PEOPLE.chair, options.both);
  const worker = await person(WORKER, options.worker ?? options.both);
  const meeting = await planned(chair, server, ["FS-3046"]);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await expect(worker.locator(".cr-scene__heading")).toBeVisible();
  await expect(worker.locator(".cr-headings__one--now")).toBeVisible();
  return { chair, worker, meeting };
}

/// What the page says of words that are on this device only.
export const KEPT = "Kept on this device, not yet shared";

/// Only requests that write fail: the page itself can be loaded.
export const cutWrites = (page) => page.route(/\/api\/meeting\/(typed|act)/, (route) => route.abort());

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

/// Presses "Next" until the room is at a heading; the heading and the way on are in sight without scrolling.
export async function turnTo(page, title, press = (button) => button.click()) {
  const heading = page.locator("#heading");
  for (let tries = 0; tries < 12; tries++) {
    const here = await heading.innerText();
    if (here.startsWith(title)) break;
    await press(page.locator("#next-stage"));
    await expect(heading).not.toHaveText(here);
  }
  await expect(heading).toContainText(title);
  await expect(heading).toBeInViewport();
  const next = page.locator("#next-stage");
  await expect((await next.count()) ? next : page.getByRole("button", { name: "Finish this family" }), "the way on is in sight").toBeInViewport();
}

/// The short names of the headings, by what their titles begin with.
const SHORT = { "Check-in": "Check-in", "Review last": "Last steps", "Each child": "Lives", "What is life": "Lives", "Everyone": "Views", "What are we": "Worries, strengths", Scores: "Scores", "Where are we": "Scale", "What we think": "Meaning", "What it means": "Meaning", "What needs": "Needs", Decide: "Decide", "Who does": "Steps", "Read back": "Read back" };

/// On a phone the way to other headings, families, people and the meeting's menu opens by the heading's name.
export async function around(page) {
  // Without scripts each press loads a page, and until its style sheet is there everything is visible.
  await page.waitForLoadState();
  const button = page.locator(".cr-identity__heading");
  if ((await button.isVisible()) && (await button.getAttribute("aria-expanded")) === "false") await button.click();
}

/// Looks at a heading by its short name or its title, as anybody may at any time.
export async function look(page, name) {
  await around(page);
  const short = Object.entries(SHORT).find(([title]) => name.startsWith(title))?.[1] ?? name;
  const link = page.locator(".cr-headings a").filter({ hasText: new RegExp(short) }).first();
  await link.waitFor();
  if ((await link.getAttribute("aria-current")) !== "page") await link.click();
  await expect(link).toHaveAttribute("aria-current", "page");
  const opener = page.locator(".cr-identity__heading");
  if ((await opener.isVisible()) && (await opener.getAttribute("aria-expanded")) === "true") await opener.click();
}

/// Opens a disclosure or menu, where it is not open.
export async function open(summary) {
  const details = summary.locator("xpath=ancestor-or-self::details[1]");
  if ((await details.getAttribute("open")) === null) await summary.click();
}

/// The list of people behind the initials.
export async function openPeople(page) {
  await around(page);
  await open(page.locator(".cr-people > summary"));
}

/// A form of the meeting's page, sent as the page sends it.
export const act = (page, fields) =>
  page.evaluate(async (fields) => {
    const meeting = location.pathname.split("/")[2];
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries({ meeting, command: crypto.randomUUID(), ...fields })) body.append(`form[${name}]`, value);
    const answer = await fetch("/api/meeting/act", { method: "POST", body });
    return answer.status === 200 ? ((await answer.json()).refused ?? "") : `status ${answer.status}`;
  }, fields);

/// Presses a button of the chair's "More" menu.
export async function more(page, name) {
  await open(page.locator(".cr-bar .cr-more > summary"));
  await page.locator(".cr-bar").getByRole("button", { name, exact: true }).click();
}

/// Turns to a family of the agenda. Until it is there the page shows the one before, and its buttons are that one's.
export async function toFamily(page, reference) {
  await page.locator(".cr-agenda-line").getByRole("link", { name: new RegExp(reference) }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(reference);
}

/// Finishes the family: in the bar at the last heading, else from the menu.
export async function finish(page) {
  const button = page.getByRole("button", { name: "Finish this family" });
  if (!(await button.isVisible())) await open(page.locator(".cr-bar .cr-more > summary"));
  await button.click();
  await expect(page.getByRole("heading", { name: /finished at/ })).toBeVisible();
}

/// The place where one records somebody's words for them.
export async function recordFor(page, name) {
  await look(page, "Views");
  await open(page.getByText("Record somebody’s words for them"));
  await open(page.getByText(`Record for ${name}`, { exact: true }));
  return page.getByRole("group", { name: `For ${name}` });
}

/// Opens the meeting's own menu.
export async function meetingMenu(page) {
  await around(page);
  await open(page.locator(".cr-more--menu > summary"));
}

/// Opens the person's own menu and presses "Sign out".
export async function signOut(page) {
  const menu = page.locator(".cr-header .cr-menu");
  if ((await menu.getAttribute("open")) === null) await menu.locator("summary").click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
}

/// Closes the meeting, by the page between.
export async function closeMeeting(page) {
  await meetingMenu(page);
  await page.locator(".cr-more--menu").getByRole("link", { name: "Close meeting" }).click();
  await page.waitForURL(/\/close$/);
  await page.getByRole("button", { name: "Close meeting" }).click();
  await expect(page.getByRole("heading", { name: "This meeting is closed", level: 1 })).toBeVisible();
}

/// From a draft to the page that signs, and signs there.
export async function signRecords(page) {
  await page.getByRole("button", { name: /^Sign (this record|\d+ records)$/ }).click();
  await page.waitForURL(/\/sign$/);
  await page.getByRole("button", { name: /^Sign/ }).click();
  await expect(page.getByText("The records are signed")).toBeVisible();
}

/// What stands on the page of a discussion.
export const scene = (page) => page.locator(".cr-scene");

/// One's own analysis box.
export const analysisOf = (page) => page.getByRole("textbox", { name: /^My analysis/ });

/// The box headed by somebody's name.
export const boxOf = (page, name) => page.locator(".cr-box", { has: page.getByRole("heading", { name: new RegExp(`^${name}`) }) });

export { expect };

/// A small generator of numbers from 0 to 1 that gives the same for the same seed (mulberry32).
export function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/// What a page may say of a connection that the journey takes away, or of a session that ends.
export const OFFLINE = { expectErrors: ["ERR_INTERNET_DISCONNECTED", "Failed to fetch", "ERR_FAILED", "401"] };

/// How far the words of one's own analysis have come.
export const saved = (page) => page.locator(".cr-box--mine", { hasText: "My analysis" }).locator(".cr-state");

/// Every answer to a press takes this long, in milliseconds.
export const slow = (page, wait) => page.route("**/api/meeting/act*", async (route) => {
  await new Promise((resolve) => setTimeout(resolve, wait));
  await route.continue();
});

/// A meeting that has [`begun`], and the chair has proposed a decision.
export async function proposed(server, person) {
  const { chair, worker } = await begun(server, person);
  await turnTo(chair, "Decide");
  await chair.getByLabel("What is decided").selectOption({ label: "Close" });
  await chair.getByLabel("Why", { exact: true }).fill("All is well.");
  await chair.getByRole("button", { name: "Propose this decision" }).click();
  return { chair, worker };
}
