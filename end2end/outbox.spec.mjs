// Nothing that is typed or pressed is lost: cuts, reloads, a page that is left, a database that refuses.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { KEPT, OFFLINE, PEOPLE, analysisOf, begun, boxOf, cutWrites, expect, live, look, meetingMenu, more, open, openPeople, plan, saved, test, turnTo } from "./caseround.mjs";

test("what was typed without a connection is there after a reload, once, and unreadable on the device", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, { worker: OFFLINE });
  await cutWrites(worker);
  await look(worker, "Views");
  await analysisOf(worker).pressSequentially("Kept through the cut 🌱", { delay: 15 });
  await expect(saved(worker)).toHaveText(KEPT, { timeout: 4_000 });
  await worker.waitForTimeout(300);
  const onDevice = await worker.evaluate(async () => {
    const opening = indexedDB.open("caseround", 1);
    const database = await new Promise((resolve) => (opening.onsuccess = () => resolve(opening.result)));
    const all = database.transaction("caseround").objectStore("caseround").getAll();
    const records = await new Promise((resolve) => (all.onsuccess = () => resolve(all.result)));
    return records.map((record) => record.name + new TextDecoder("latin1").decode(record.words)).join("\n");
  });
  expect(onDevice).toContain("/box/");
  expect(onDevice).not.toContain("Kept through");
  await worker.reload();
  await live(worker);
  await worker.waitForTimeout(500);
  await worker.unroute(/\/api\/meeting\/(typed|act)/);
  await look(worker, "Views");
  await expect(analysisOf(worker)).toHaveValue("Kept through the cut 🌱", { timeout: 15_000 });
  await look(chair, "Views");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Kept through the cut 🌱");
  await analysisOf(worker).press("End");
  await analysisOf(worker).pressSequentially(" and on");
  await expect(boxOf(chair, "Julian Yardarm").locator(".cr-box__text")).toHaveText("Kept through the cut 🌱 and on");
});

test("a press whose answer the page does not live to see happens once, and its form is empty", async ({ server, person }) => {
  const { worker } = await begun(server, person, { worker: OFFLINE });
  await look(worker, "Decide");
  const step = worker.locator(".cr-add-step").getByLabel("What", { exact: true });
  for (const arrives of [true, false]) {
    await worker.route(/\/api\/meeting\/act/, async (route) => {
      if (arrives) await route.fetch();
      await new Promise(() => {});
    });
    await step.fill(`ring the school, ${arrives ? "heard" : "unheard"}`);
    await step.press("Enter");
    await worker.waitForTimeout(500);
    await worker.unrouteAll({ behavior: "ignoreErrors" });
    await worker.reload();
    await live(worker);
    await expect(worker.locator(".cr-next-steps__list")).toContainText(arrives ? "ring the school, heard" : "ring the school, unheard");
    await expect(step).toHaveValue("");
  }
  await worker.waitForTimeout(500);
  await expect(worker.locator(".cr-next-steps__step")).toHaveCount(2);
});

test("lines of the running note wait for the connection, each by itself", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair, OFFLINE);
  await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await chair.getByRole("tab", { name: "Note" }).click();
  await chair.context().setOffline(true);
  const field = chair.getByLabel("What was said");
  for (const line of ["jy: bruise on his arm", "nq: she wants him out"]) {
    await field.fill(line);
    await field.press("Enter");
    await expect(field).toHaveValue("");
  }
  await expect(chair.getByText("Not noted yet: jy: bruise on his arm · nq: she wants him out")).toBeVisible();
  await chair.context().setOffline(false);
  const lines = chair.getByRole("list", { name: "Noted" }).getByRole("listitem");
  await expect(lines).toHaveCount(2, { timeout: 10_000 });
  await expect(lines.nth(0)).toContainText("Julian Yardarm: bruise on his arm");
  await expect(lines.nth(1)).toContainText("Nadia Quoin: she wants him out");
  await expect(chair.getByText("Not noted yet:")).toHaveCount(0);
});

test("presses wait for the connection in their order", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, { worker: OFFLINE });
  await cutWrites(worker);
  await look(worker, "Decide");
  const steps = worker.locator(".cr-add-step");
  for (const what of ["first step", "second step"]) {
    await steps.getByLabel("What", { exact: true }).fill(what);
    await steps.getByLabel("What", { exact: true }).press("Enter");
    await expect(steps.getByLabel("What", { exact: true })).toHaveValue("");
  }
  await expect(worker.locator(".cr-identity .cr-state")).toHaveText(KEPT);
  await worker.unroute(/\/api\/meeting\/(typed|act)/);
  await look(chair, "Decide");
  await expect(chair.locator(".cr-next-steps__step")).toHaveText([/first step/, /second step/], { timeout: 15_000 });
  await expect(worker.locator(".cr-identity .cr-state")).toHaveText("Saved");
});

test("a press that waited takes the room nowhere once somebody else has moved it, and a pause is not pressed late", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, { worker: OFFLINE });
  await meetingMenu(chair);
  await open(chair.getByText("Hand over", { exact: true }).first());
  await chair.getByLabel("Hand record-taking to").selectOption({ label: "Julian Yardarm, social worker" });
  await chair.getByRole("button", { name: "Hand over" }).last().click();
  await expect(worker.locator("#next-stage")).toBeVisible();
  await cutWrites(worker);
  await worker.locator("#next-stage").click();
  await more(worker, "Pause");
  await expect(worker.locator(".cr-identity .cr-state")).toHaveText(KEPT, { timeout: 4_000 });
  await turnTo(chair, "Decide");
  // More than a minute later the pause is not meant any more.
  await worker.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 90_000;
  });
  await worker.unroute(/\/api\/meeting\/(typed|act)/);
  await expect(worker.locator(".cr-late")).toContainText("The room has gone to another heading meanwhile", { timeout: 15_000 });
  await expect(worker.locator(".cr-notice")).toContainText("A press may not have arrived", { timeout: 15_000 });
  await expect(chair.locator("#heading")).toContainText("Decide");
  await expect(chair.getByText("Paused")).toHaveCount(0);
});

test("a press that the database refuses is kept, made once, and logged with its cause", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, { worker: { expectErrors: ["503"] } });
  const refused = [];
  worker.on("response", (answer) => answer.status() === 503 && refused.push(answer.url()));
  await look(worker, "Decide");
  const locking = "import sqlite3,sys\nd=sqlite3.connect(sys.argv[1],isolation_level=None)\nd.execute('BEGIN IMMEDIATE')\nprint(1,flush=True)\nsys.stdin.read()";
  const lock = spawn("python3", ["-c", locking, server.database], { stdio: ["pipe", "pipe", "inherit"] });
  await once(lock.stdout, "data");
  const steps = worker.locator(".cr-add-step");
  await steps.getByLabel("What", { exact: true }).fill("ring the school");
  await steps.getByLabel("What", { exact: true }).press("Enter");
  await expect(worker.locator(".cr-identity .cr-state")).toHaveText(KEPT, { timeout: 20_000 });
  await expect.poll(() => refused.length, { timeout: 20_000 }).toBeGreaterThan(1);
  await expect(worker.locator(".cr-late")).toHaveCount(0);
  lock.stdin.end();
  await look(chair, "Decide");
  await expect(chair.locator(".cr-next-steps__step")).toHaveText([/ring the school/], { timeout: 20_000 });
  await expect(worker.locator(".cr-identity .cr-state")).toHaveText("Saved");
  const logged = server.log().split("\n").filter((line) => /(no answer in time|database cannot be used now).* cause=/.test(line));
  expect(logged.length, server.log()).toBe(refused.length);
});

test("words typed in the moment a page is left are there, in two tabs too", async ({ server, person }) => {
  const { chair, worker, meeting } = await begun(server, person, { worker: OFFLINE });
  const other = await worker.context().newPage();
  await other.goto(meeting);
  await live(other);
  let words = "";
  for (let time = 0; time < 4; time++) {
    await worker.bringToFront();
    await look(worker, "Views");
    await analysisOf(worker).press("Control+End");
    await worker.keyboard.type(`lastwords${time} `);
    words += `lastwords${time} `;
    await worker.goto(`${server.url}/steps`);
    await worker.goto(meeting);
    await live(worker);
    await look(worker, "Views");
    await expect(analysisOf(worker)).toHaveValue(words);
    await look(other, "Views");
    await expect(analysisOf(other)).toHaveValue(words);
  }
  await look(chair, "Views");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText(words.trim());
});

test("a disagreement that was pressed without a connection stands, whatever was recorded and confirmed meanwhile", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, { worker: OFFLINE });
  await openPeople(chair);
  await chair.getByRole("button", { name: "Everybody is in the room" }).first().click();
  await chair.keyboard.press("Escape");
  await turnTo(chair, "Decide");
  await chair.getByLabel("What is decided").selectOption({ label: "Close" });
  await chair.getByLabel("Why", { exact: true }).fill("All is well.");
  await chair.getByRole("button", { name: "Propose this decision" }).click();
  const disagree = worker.getByRole("button", { name: "Disagree" });
  await expect(disagree).toBeVisible();
  await worker.context().setOffline(true);
  await disagree.click();
  await expect(worker.getByText("Not yet shared; it is sent by itself")).toBeVisible();
  await chair.getByRole("button", { name: /^Record that/ }).click();
  await chair.getByRole("button", { name: /^Confirm/ }).click();
  await look(chair, "Decide");
  await worker.context().setOffline(false);
  await expect(chair.locator(".cr-stances")).toContainText("Julian Yardarm: Disagree");
  await expect(worker.getByLabel("Your reason, which was to follow")).toBeVisible();
  await expect(worker.getByText("Not in the meeting")).toHaveCount(0);
});
