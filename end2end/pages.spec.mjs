// What every page has: whose it is, where one is, the search, the way back, and what a refused form says.
import { brotliCompressSync } from "node:zlib";
import { PEOPLE, accessible, closeMeeting, expect, finish, live, look, plan, signOut, test } from "./caseround.mjs";

const SPECIALIST = "julian.yardarm.7002@example.invalid";

test("every page says whose it is and where one is, and the person's menu leads on", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  await expect(chair.locator(".cr-header .cr-menu summary")).toHaveText("Zara Northlight");
  await expect(chair.getByRole("navigation", { name: "Main" }).locator("[aria-current]")).toHaveText("Meetings");
  await chair.goto(`${server.url}/families`);
  await chair.getByRole("link", { name: "FS-3046" }).click();
  await expect(chair.getByRole("navigation", { name: "Main" }).locator("[aria-current]")).toHaveText("Families");
  await chair.getByRole("link", { name: "Families", exact: true }).last().click();
  await expect(chair.getByRole("heading", { name: "Families", level: 1 })).toBeVisible();
  await chair.locator(".cr-header .cr-menu summary").click();
  await accessible(chair, "the person's menu");
  await chair.getByRole("link", { name: "My details" }).click();
  await expect(chair.locator("main")).toContainText("team manager");
  await expect(chair.locator("#kept-words")).toContainText("keeps no words of yours");
  await accessible(chair, "my details");
  await chair.getByRole("contentinfo").getByRole("link", { name: "Help" }).click();
  await expect(chair.getByRole("heading", { name: "Help", level: 1 })).toBeVisible();
  await accessible(chair, "help");
  await signOut(chair);
  await chair.waitForURL(/\/sign-in/);
});

test("a page with words that are not saved is not left unasked", async ({ server, person }) => {
  const worker = await person(SPECIALIST);
  await worker.goto(`${server.url}/families`);
  await worker.getByRole("link", { name: "FS-3046" }).click();
  await worker.getByRole("button", { name: "Write my summary" }).click();
  const text = worker.getByLabel("Monthly summary");
  const asked = [];
  worker.on("dialog", async (dialog) => {
    asked.push(dialog.type());
    await dialog.dismiss();
  });
  await text.fill("School every day.");
  await worker.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Steps" }).click();
  await expect.poll(() => asked).toEqual(["beforeunload"]);
  await expect(text).toHaveValue("School every day.");
  await worker.getByRole("button", { name: "Save my summary" }).click();
  await expect(worker.getByText("Your summary is saved.")).toBeVisible();
  await worker.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Steps" }).click();
  await expect(worker.getByRole("heading", { level: 1 })).toHaveText(/steps/i);
  expect(asked).toEqual(["beforeunload"]);
});

test("a family is found by reference and first name, and none that is not mine", async ({ server, person }) => {
  const specialist = await person(SPECIALIST);
  const search = async (words) => {
    await specialist.getByRole("searchbox").fill(words);
    await specialist.getByRole("search").getByRole("button").click();
    await expect(specialist.getByRole("heading", { level: 1 })).toContainText("found for");
    return specialist.locator(".cr-found li");
  };
  await expect(await search("3046")).toHaveCount(1);
  await expect(await search("FS-3046")).toHaveCount(1);
  await expect(await search("OTTIL")).toContainText("FS-3046");
  await expect(await search("óttilie fs")).toHaveCount(1);
  await accessible(specialist, "what was found");
  // A family of another team: as if there were none.
  const stranger = await person("zara.northlight.7001@example.invalid");
  await stranger.goto(`${server.url}/families`);
  const theirs = await stranger.locator(".cr-families a").allInnerTexts();
  const mine = await specialist.goto(`${server.url}/families`).then(() => specialist.locator(".cr-families a").allInnerTexts());
  const hidden = theirs.find((reference) => !mine.includes(reference));
  expect(hidden, "the team has families that are not the specialist's").toBeTruthy();
  await expect(await search(hidden)).toHaveCount(0);
  await expect(await search("FS-9999")).toHaveCount(0);
});

test("an ended allocation is taken back, and a refused form says so in the title", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair, { expectErrors: ["404"] });
  await chair.goto(`${server.url}/families`);
  await chair.getByRole("link", { name: "FS-3046" }).click();
  const allocated = chair.locator(".cr-allocated", { hasText: "Julian Yardarm" });
  await expect(allocated).toHaveCount(1);
  await allocated.getByRole("button", { name: /End allocation/ }).click();
  await expect(allocated).toHaveCount(0);
  await expect(chair.getByRole("status")).toContainText("Julian Yardarm no longer works with this family.");
  await chair.getByRole("button", { name: "Undo" }).click();
  await expect(allocated).toHaveCount(1);

  await chair.goto(`${server.url}/families/new`);
  await chair.getByRole("button", { name: /Save|Add/ }).click();
  await expect(chair).toHaveTitle(/^Error: Add a family/);
  await expect(chair.locator(".govuk-error-summary")).toBeFocused();
  await expect(chair.locator("#reference")).toHaveAttribute("aria-invalid", "true");
  await chair.goto(`${server.url}/families/${crypto.randomUUID()}`);
  await expect(chair.getByRole("heading", { name: "Page not found" })).toBeVisible();
  await expect(chair.locator("main")).toContainText("If you should have access, ask your team manager.");
});

test("whose page it is stays in sight on every page about a family", async ({ server, person }) => {
  test.setTimeout(120_000);
  const chair = await person(PEOPLE.chair, { viewport: { width: 1366, height: 768 } });
  const meeting = await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await chair.getByRole("button", { name: "Everybody is in the room" }).click();
  await look(chair, "Meaning");
  await chair.getByRole("textbox", { name: /^Ottilie · FS-/ }).fill("Nights decide.");
  await expect(chair.locator(".cr-identity .cr-state")).toHaveText("Saved");
  const history = await chair.locator(".cr-box__history").first().getAttribute("href");
  await finish(chair);
  await closeMeeting(chair);
  await expect(chair.getByText("No next meeting is planned.")).toBeVisible();
  await accessible(chair, "a closed meeting");
  await chair.goto(`${server.url}/records`);
  await chair.locator(".cr-records").getByRole("link", { name: /Ottilie/ }).click();
  const record = new URL(chair.url()).pathname;
  const messages = await chair.getByRole("link", { name: "What each adult is told" }).getAttribute("href");
  const family = await chair.locator(".cr-family-bar a").getAttribute("href");
  const pages = [family, `${family}/chapters`, `${family}/edit`, `${family}/people/new`, `${family}/allocate`, messages, record, `${record}?edit=yes`, `${record}/sign`, `${record}/copy`, history, `${new URL(meeting).pathname}/notes`];
  for (const path of pages) {
    await chair.goto(server.url + path);
    for (const viewport of [{ width: 1366, height: 768 }, { width: 390, height: 844 }, { width: 320, height: 640 }]) {
      await chair.setViewportSize(viewport);
      await chair.evaluate(() => scrollTo(0, document.body.scrollHeight));
      const bar = chair.locator(".cr-family-bar");
      await expect(bar, path).toBeInViewport({ ratio: 1 });
      await expect(bar, path).toContainText("FS-3046");
      await expect(bar, path).toContainText("Ottilie");
      expect(await chair.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${path} fits ${viewport.width}`).toBeLessThanOrEqual(0);
    }
    await accessible(chair, path);
  }
});

test("what a form did is said, and a step marked done by mistake is taken back", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await look(chair, "Decide");
  const steps = chair.locator(".cr-add-step");
  await steps.getByLabel("What", { exact: true }).fill("@julian yardarm ring the school");
  await steps.getByLabel("By when").fill("fri");
  await steps.getByLabel("By when").press("Enter");
  await expect(chair.locator(".cr-next-steps__step")).toHaveCount(1);
  await finish(chair);
  const worker = await person(SPECIALIST);
  await worker.goto(`${server.url}/steps`);
  const list = worker.locator(".cr-steps").first();
  await list.getByRole("button", { name: /^Done/ }).click();
  const said = worker.locator(".cr-saved");
  await expect(said).toContainText(/^Marked as done: .*ring the school/);
  await expect(said).toBeFocused();
  await accessible(worker, "a step marked as done");
  await expect(worker.getByText("You have no open steps.")).toBeVisible();
  await said.getByRole("button", { name: "Undo" }).click();
  await expect(said).toContainText("Undone.");
  await expect(list).toContainText("ring the school");
});

test("a page that is not a meeting's weighs 60 KB at most", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  await plan(chair, server, ["FS-3046"]);
  const family = await chair.goto(`${server.url}/families`).then(() => chair.getByRole("link", { name: "FS-3046" }).getAttribute("href"));
  for (const path of ["/meetings", "/families", family, "/steps", "/records", "/me", "/help", "/meetings/new"]) {
    // What a browser that has kept nothing asks for, compressed as it is served.
    const files = new Map();
    const keep = (response) => files.set(response.url(), response.body().catch(() => Buffer.alloc(0)));
    chair.on("response", keep);
    await chair.goto(`${server.url}${path}`, { waitUntil: "networkidle" });
    chair.off("response", keep);
    const sizes = await Promise.all([...files].map(async ([url, body]) => [url, brotliCompressSync(await body).length]));
    const total = sizes.reduce((sum, [, size]) => sum + size, 0);
    expect(sizes.length, path).toBeGreaterThan(1);
    expect(total, `${path}: ${JSON.stringify(sizes)}`).toBeLessThanOrEqual(60 * 1024);
  }
});
