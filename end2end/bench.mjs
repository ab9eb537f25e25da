// Prints the figures of docs/performance.md: `make bench`. Nothing is asserted here.
import { built } from "./built.mjs";
import { chromium } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, statSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PASSWORD, PEOPLE, live, look, plan, startServer } from "./caseround.mjs";
import config from "./playwright.config.mjs";

const binary = `${built("release")}/caseround`;
const pick = (values, share) => values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
const print = (what, figure) => console.log(`${what.padEnd(64)} ${figure}`);

const folder = "target/site/pkg";
const download = readdirSync(folder).filter((name) => name.endsWith(".br")).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
print("browser download, brotli", `${(download / 1024).toFixed(0)} KB`);

const began = performance.now();
execFileSync(binary, ["import", "ssd", "server/interchange/samples/ssd", "--demo", "--database", join(mkdtempSync(join(tmpdir(), "cr-")), "x.sqlite"), "--json"], { stdio: ["ignore", "ignore", "inherit"] });
print("import of the sample, new process and database", `${(performance.now() - began).toFixed(0)} ms`);

let server = await startServer({ binary });
const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.process.pid}/status`, "utf8"))[1]) / 1024;
// The sample has just been read and its people's passwords hashed: what that took is given back within ten seconds.
await new Promise((resolve) => setTimeout(resolve, 15000));
print("memory of the server at rest, sample loaded", `${memory().toFixed(0)} MB`);
const browser = await chromium.launch(config.use.launchOptions);
const person = async (email) => {
  const page = await (await browser.newContext({ viewport: { width: 1366, height: 900 } })).newPage();
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/meetings$/);
  return page;
};
try {
  const chair = await person(PEOPLE.chair);
  const meeting = await plan(chair, server, ["FS-3046", "FS-3004", "FS-3007"]);
  const taker = await person(PEOPLE.recordTaker);
  await taker.goto(meeting);
  for (const page of [chair, taker]) await live(page);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await taker.locator(".cr-headings__one--now").waitFor();
  await chair.locator(".cr-agenda-line__place--now").waitFor();
  const cookie = (await chair.context().cookies()).map((cookie) => `${cookie.name}=${cookie.value}`).join("; ");
  const family = await chair.locator('a:has-text("the whole workbook")').getAttribute("href");
  // One connection that stays: what a client of its own costs is not the server's.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const read = (path) =>
    new Promise((resolve, reject) => {
      const start = performance.now();
      const heard = (answer) => answer.resume().on("end", () => resolve(performance.now() - start));
      get(server.url + path, { agent, headers: { cookie, accept: "text/html" } }, heard).on("error", reject);
    });
  const times = async (path) => {
    const times = [];
    for (let n = 0; n < 60; n++) {
      const took = await read(path);
      if (n >= 10) times.push(took);
    }
    return `${pick(times, 0.5).toFixed(1)} ms`;
  };
  print("family page, request to last byte on loopback, median of 50", await times(family));
  print("meeting page of 3 families, the same", await times(new URL(meeting).pathname));

  // A long meeting: its page, and turning to other families.
  const long = await person(PEOPLE.chair);
  await long.goto(`${server.url}/meetings/new`);
  const many = Math.min(20, await long.locator(".cr-plan__family input[type=checkbox]").count());
  for (let n = 0; n < many; n++) await long.locator(".cr-plan__family input[type=checkbox]").nth(n).check();
  await long.getByRole("button", { name: "Save the plan" }).click();
  await long.waitForURL(/\/meetings\/[0-9a-f-]{36}/);
  if (long.url().includes("/plan")) await long.getByRole("link", { name: "go to the meeting" }).click();
  await live(long);
  await long.getByRole("button", { name: "Open meeting" }).click();
  await long.getByRole("button", { name: "Start this family", exact: true }).click();
  await long.locator(".cr-agenda-line__place--now").waitFor();
  print(`meeting page of ${many} families, the same`, await times(new URL(long.url()).pathname));
  await long.waitForTimeout(4000);
  /// From the press to the family's own scene on the page, in milliseconds.
  const turn = (nth) =>
    long.evaluate((nth) => new Promise((resolve) => {
      const link = document.querySelectorAll(".cr-agenda-line__place a")[nth];
      const reference = link.textContent.trim();
      const since = performance.now();
      const there = () => (document.querySelector(".cr-identity__family")?.textContent.includes(reference) && document.querySelector("#heading") ? resolve(performance.now() - since) : requestAnimationFrame(there));
      link.click();
      requestAnimationFrame(there);
    }), nth);
  print("turning to the next family, fetched ahead", `${(await turn(1)).toFixed(0)} ms`);
  const turns = [];
  for (let n = 2; n < many; n++) turns.push(await turn(n));
  if (turns.length > 0) print("turning to any other family", `median ${pick(turns, 0.5).toFixed(0)} ms, longest ${pick(turns, 1).toFixed(0)} ms`);
  await long.context().close();

  // A slow line and a slow processor, as the measure says: 1.6 Mbit/s, 150 ms, a quarter of the speed.
  const far = await person(PEOPLE.recordTaker);
  const session = await far.context().newCDPSession(far);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 });
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  for (const [how, cold] of [["cold", true], ["warm", false]]) {
    const readable = [];
    const alive = [];
    for (let n = 0; n < 5; n++) {
      if (cold) await session.send("Network.clearBrowserCache");
      const since = performance.now();
      await far.goto(meeting, { waitUntil: "commit" });
      await far.locator("#heading").waitFor();
      readable.push(performance.now() - since);
      await live(far);
      alive.push(performance.now() - since);
    }
    print(`live page at 1.6 Mbit/s, 150 ms, 4 x CPU, ${how}, median of 5`, `readable ${(pick(readable, 0.5) / 1000).toFixed(2)} s, live ${(pick(alive, 0.5) / 1000).toFixed(2)} s`);
  }
  await far.context().close();

  for (const page of [chair, taker]) await look(page, "Meaning");
  const box = (page) => page.locator(".cr-box--mine textarea").first();
  await box(taker).evaluate((element) => {
    window.seen = [];
    let last = element.value;
    setInterval(() => {
      if (element.value !== last) { last = element.value; window.seen.push([last.length, Date.now()]); }
    }, 1);
  });
  await box(chair).evaluate((element) => {
    window.typed = [];
    element.addEventListener("input", () => window.typed.push([element.value.length, Date.now()]));
  });
  await box(chair).pressSequentially("x".repeat(200), { delay: 60 });
  await taker.waitForTimeout(1000);
  const typed = await chair.evaluate(() => window.typed);
  const seen = await taker.evaluate(() => window.seen);
  const delays = typed.map(([length, at]) => seen.find(([known]) => known >= length)[1] - at);
  print("keystroke to the other screen, 40 ms gathering and commit included", `p50 ${pick(delays, 0.5)} ms, p95 ${pick(delays, 0.95)} ms`);
  print("memory of the server with a meeting under way", `${memory().toFixed(0)} MB`);

  const banner = taker.locator(".cr-banner", { hasText: "No connection" });
  const shown = [];
  for (let restart = 0; restart < 5; restart++) {
    await server.stop("SIGKILL");
    await banner.waitFor();
    const since = performance.now();
    server = await startServer({ binary, folder: server.folder, port: server.port });
    await banner.waitFor({ state: "detached" });
    shown.push(performance.now() - since);
  }
  print("banner over a restart, five restarts", `p50 ${(pick(shown, 0.5) / 1000).toFixed(1)} s, longest ${(pick(shown, 1) / 1000).toFixed(1)} s`);
} finally {
  await browser.close();
  await server.stop();
  server.remove();
}
