// Makes the README's pictures: `make pictures`. A server of its own, the sample's people, one meeting.
import { chromium } from "@playwright/test";
import { PASSWORD, PEOPLE, analysisOf, boxOf, finish, look, openPeople, plan, startServer, turnTo } from "./caseround.mjs";
import config from "./playwright.config.mjs";

const out = process.argv[2] ?? "docs/pictures";
const server = await startServer();
const browser = await chromium.launch(config.use.launchOptions);

async function person(email, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 900 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/meetings$/);
  return page;
}
const shot = (page, name, fullPage = true) => page.screenshot({ path: `${out}/${name}.png`, fullPage });

try {
  const chair = await person(PEOPLE.chair);
  await shot(chair, "meetings-empty", false);
  await chair.goto(`${server.url}/meetings/new`);
  await shot(chair, "plan", false);
  const meeting = await plan(chair, server, ["FS-3046", "FS-3004", "FS-3007"]);
  const worker = await person("julian.yardarm.7002@example.invalid");
  await shot(worker, "meetings-worker", false);
  const phone = await person("nadia.quoin.7008@example.invalid", { viewport: { width: 390, height: 844 }, isMobile: true });
  await phone.goto(`${server.url}/families`);
  await phone.getByRole("link", { name: "FS-3046" }).click();
  await phone.getByRole("button", { name: "Write my summary" }).click();
  await phone.getByLabel("Monthly summary").fill("Two visits. **Safe** to talk on Tuesdays.");
  await phone.getByRole("button", { name: "Save my summary" }).click();
  await worker.goto(phone.url().split("?")[0]);
  await shot(worker, "family");
  for (const page of [worker, phone]) await page.goto(meeting);
  for (const page of [chair, worker, phone]) await page.locator(".cr-meeting.cr-live").waitFor();
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.locator(".cr-agenda-line").getByRole("link", { name: /FS-3046/ }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await chair.getByRole("button", { name: "Everybody is in the room" }).click();
  await openPeople(chair);
  await chair.getByRole("button", { name: "Apologies: Damian Kingcup" }).click();
  await turnTo(chair, "Everyone's view");
  await analysisOf(worker).fill("The children were at school every day this month. The youngest laughs with her brother at bath time.\n\nNights are still hard: mum is up three times.");
  await analysisOf(phone).fill("Mum says she feels heard. She would like two evenings a week for herself.");
  await boxOf(chair, "Nadia Quoin").getByText("feels heard").waitFor();
  await shot(phone, "live-phone");
  await shot(worker, "live-worker", false);
  await turnTo(chair, "Decide");
  const decision = chair.locator(".cr-decision").first();
  await decision.getByLabel("What is decided").selectOption({ label: "Continue with the plan" });
  await decision.getByLabel("Why", { exact: true }).fill("School is steady and mum asks for help early. Nights need support before anything else changes.");
  await decision.getByRole("button", { name: "Propose this decision" }).click();
  await look(worker, "Decide");
  await worker.getByLabel(/Your reason/).fill("Only if somebody is there at night by Christmas.");
  await worker.getByRole("button", { name: "Agree with reservations" }).click();
  await chair.locator(".cr-stances", { hasText: "reservations" }).waitFor();
  await decision.getByRole("button", { name: /^Record that (all|the others) agree$/ }).click();
  await chair.locator(".cr-add-step").getByLabel("What", { exact: true }).fill("Ask school about breakfast club");
  await chair.locator(".cr-add-step").getByLabel("Who", { exact: true }).selectOption({ label: "Julian Yardarm" });
  await chair.locator(".cr-add-step").getByLabel("By when").fill("8/12/2026");
  await chair.locator(".cr-add-step").getByLabel("By when").press("Enter");
  await chair.locator(".cr-next-steps__list", { hasText: "breakfast" }).waitFor();
  await chair.evaluate(() => scrollTo(0, 0));
  await shot(chair, "live-chair-top", false);
  await shot(chair, "live-chair");
  const wall = await chair.context().newPage();
  await wall.setViewportSize({ width: 1920, height: 1080 });
  await wall.goto(`${meeting}?view=room`);
  await wall.locator(".cr-wall.cr-live").waitFor();
  await shot(wall, "projector", false);
  await chair.getByRole("button", { name: /^Confirm / }).click();
  await finish(chair);
  await chair.locator(".cr-agenda-line", { hasText: "finished" }).waitFor();
  await shot(chair, "finished", false);
  await chair.goto(`${meeting}/minutes`);
  await shot(chair, "minutes");
} finally {
  await browser.close();
  await server.stop();
  server.remove();
}
