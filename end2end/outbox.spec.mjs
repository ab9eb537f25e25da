// Nothing typed is lost: cut, reload, expired session, a family finished meanwhile, signing out.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { KEPT, PASSWORD, PEOPLE, WORKER, accessible, analysisOf, begun, boxOf, cutWrites, expect, finish, live, look, meetingMenu, more, open, openPeople, plan, recordFor, signOut, test, turnTo } from "./caseround.mjs";

const OFFLINE = { expectErrors: ["ERR_INTERNET_DISCONNECTED", "Failed to fetch", "ERR_FAILED", "401"] };
const state = (page) => page.locator(".cr-box--mine", { hasText: "My analysis" }).locator(".cr-state");

test("what was typed without a connection is there after a reload, once, and unreadable on the device", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, { worker: OFFLINE });
  await cutWrites(worker);
  await look(worker, "Views");
  await analysisOf(worker).pressSequentially("Kept through the cut 🌱", { delay: 15 });
  await expect(state(worker)).toHaveText(KEPT, { timeout: 4_000 });
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

test("what was half written in any form is there after a reload, until it is sent", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, { worker: OFFLINE });
  const note = chair.getByLabel("What was said");
  await chair.getByRole("tab", { name: "Note" }).click();
  await note.fill("nq: the school rang");
  await look(chair, "Decide");
  await chair.getByLabel("Why", { exact: true }).fill("She is safe while the");
  await look(worker, "Decide");
  const step = worker.locator(".cr-add-step").getByLabel("What", { exact: true });
  await step.fill("ring the school about");
  await worker.getByText("Urgent risk", { exact: true }).click();
  await worker.getByLabel("What is urgent, in one line").fill("He knows the new");
  await worker.waitForTimeout(200);
  await Promise.all([chair.reload(), worker.reload()]);
  await Promise.all([live(chair), live(worker)]);
  await expect(step).toHaveValue("ring the school about");
  await expect(worker.getByLabel("What is urgent, in one line")).toHaveValue("He knows the new");
  // It is in sight, also where it was folded away.
  await expect(worker.getByLabel("What is urgent, in one line")).toBeVisible();
  await expect(chair.getByLabel("Why", { exact: true })).toHaveValue("She is safe while the");
  await chair.getByRole("tab", { name: "Note" }).click();
  await expect(note).toHaveValue("nq: the school rang");
  // Once more, after nothing was typed since; then it is sent, emptied or noted, and is gone.
  await worker.reload();
  await live(worker);
  await expect(worker.getByLabel("What is urgent, in one line")).toHaveValue("He knows the new");
  await worker.getByLabel("What is urgent, in one line").fill("");
  await step.press("Enter");
  await expect(worker.getByText("ring the school about").first()).toBeVisible();
  await expect(step).toHaveValue("");
  await chair.getByRole("button", { name: "Note it" }).click();
  await expect(chair.getByText("the school rang").first()).toBeVisible();
  await worker.waitForTimeout(300);
  await Promise.all([chair.reload(), worker.reload()]);
  await Promise.all([live(chair), live(worker)]);
  await worker.waitForTimeout(500);
  await expect(step).toHaveValue("");
  await expect(worker.getByLabel("What is urgent, in one line")).toHaveValue("");
  await chair.getByRole("tab", { name: "Note" }).click();
  await expect(note).toHaveValue("");
});

test("a rewording kept over a reload replaces another's only when it is sent again", async ({ server, person }) => {
  const { chair, meeting } = await begun(server, person, { worker: OFFLINE });
  const taker = await person(PEOPLE.recordTaker);
  await taker.goto(meeting);
  await live(taker);
  await look(taker, "Decide");
  await look(chair, "Decide");
  await taker.getByLabel("What is decided").selectOption({ label: "Close" });
  await taker.getByLabel("Why", { exact: true }).fill("From the record-taker.");
  await chair.getByLabel("What is decided").selectOption({ label: "Close" });
  await chair.getByLabel("Why", { exact: true }).fill("From the chair.");
  await chair.getByRole("button", { name: "Propose this decision" }).click();
  await expect(taker.getByText("From the chair.").first()).toBeVisible();
  await taker.reload();
  await live(taker);
  const form = taker.locator("form", { has: taker.locator("textarea[name='form[why]']") }).first();
  await expect(form.locator("textarea")).toHaveValue("From the record-taker.");
  await expect(form.locator("textarea")).toBeVisible();
  await form.getByRole("button", { name: "Propose this decision" }).click();
  await expect(form.getByRole("alert")).toContainText("From the chair.");
  await form.getByRole("button", { name: "Propose this decision" }).click();
  await expect(chair.locator(".cr-wording")).toContainText("From the record-taker.");
});

test("a reason for a stance kept over a reload and a rewording is said at once", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, { worker: OFFLINE });
  await look(chair, "Decide");
  await chair.getByLabel("What is decided").selectOption({ label: "Close" });
  await chair.getByLabel("Why", { exact: true }).fill("All is well.");
  await chair.getByRole("button", { name: "Propose this decision" }).click();
  await look(worker, "Decide");
  await worker.getByLabel(/Your reason/).fill("Too early for Juno.");
  await chair.getByText("Change the wording").click();
  await chair.getByLabel("Why", { exact: true }).fill("All is well for now.");
  await chair.getByRole("button", { name: "Propose this decision" }).click();
  await expect(worker.getByText("All is well for now.").first()).toBeVisible();
  // The form is folded again, and what is proposed is read above it.
  await expect(chair.getByLabel("Why", { exact: true })).toBeHidden();
  await worker.reload();
  await live(worker);
  await expect(worker.getByLabel(/Your reason/)).toHaveValue("Too early for Juno.");
  await worker.getByRole("button", { name: "Disagree" }).click();
  await expect(chair.locator(".cr-stances")).toContainText("Disagree. Too early for Juno.");
});

test("whoever types into a form before its earlier words are back keeps both", async ({ server, person }) => {
  const { worker } = await begun(server, person, { worker: OFFLINE });
  await look(worker, "Decide");
  const step = worker.locator(".cr-add-step").getByLabel("What", { exact: true });
  await step.fill("ring the school about Monday");
  await worker.waitForTimeout(200);
  await worker.route(/\/api\/device/, async (route) => {
    await new Promise((go) => setTimeout(go, 1500));
    await route.continue();
  });
  await worker.reload();
  await live(worker);
  await step.fill("write to the aunt");
  await expect(worker.getByText("You had written: ring the school about Monday")).toBeVisible();
  await expect(step).toHaveValue("write to the aunt");
  await worker.waitForTimeout(300);
  await worker.reload();
  await live(worker);
  await expect(step).toHaveValue("write to the aunt");
  await worker.getByRole("button", { name: "Discard", exact: true }).dblclick();
  await worker.getByRole("button", { name: "Discard these words for good" }).click();
  await worker.waitForTimeout(300);
  await worker.reload();
  await live(worker);
  await expect(step).toHaveValue("write to the aunt");
  await expect(worker.getByText("You had written:")).toHaveCount(0);
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

test("a step that was pressed too late is filed by its author, and says of which family it is", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER, OFFLINE);
  const meeting = await plan(chair, server, ["FS-3046", "FS-3007"]);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await look(worker, "Decide");
  const first = (await worker.locator(".cr-identity__family").innerText()).match(/FS-\d+/)[0];
  await cutWrites(worker);
  const step = worker.locator(".cr-add-step").getByLabel("What", { exact: true });
  await step.fill("Kinship");
  await step.press("Enter");
  await expect(step).toHaveValue("");
  // And a word that is not pressed at all.
  await step.fill("Nursery");
  await finish(chair);
  await chair.getByRole("button", { name: /^Next: / }).click();
  await expect(chair.locator(".cr-identity__family")).not.toContainText(first);
  await worker.unroute(/\/api\/meeting\/(typed|act)/);
  const late = worker.getByRole("region", { name: "Words that came too late" });
  await expect(late).toContainText("Not in the meeting", { timeout: 15_000 });
  await expect(late.getByRole("textbox")).toHaveValue("A step: Kinship");
  await expect(worker.getByText(/You had written( about FS-\d+)?: Nursery/)).toBeVisible();
  await worker.locator(".cr-agenda-line").getByRole("link").filter({ hasNotText: first }).first().click();
  await expect(late).toContainText(`Not in the meeting about ${first}`);
  await expect(worker.getByText(`You had written about ${first}: Nursery`)).toBeVisible();
  await late.getByRole("button", { name: "File as a late contribution" }).click();
  await expect(late).toHaveCount(0);
  await worker.getByRole("button", { name: "Discard", exact: true }).dblclick();
  await worker.getByRole("button", { name: "Discard these words for good" }).click();
  await worker.goto(`${server.url}/families`);
  await worker.getByRole("link", { name: first }).click();
  await expect(worker.getByText("Kinship").first()).toBeVisible();
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

test("words that come after the family is finished are their author's to file", async ({ server, person }) => {
  const { chair, worker, meeting } = await begun(server, person, { worker: OFFLINE });
  await look(worker, "Views");
  await analysisOf(worker).fill("In time.");
  await expect(state(worker)).toHaveText("Saved");
  await cutWrites(worker);
  await analysisOf(worker).press("End");
  await analysisOf(worker).pressSequentially(" Too late for the record.", { delay: 10 });
  await finish(chair);
  await expect(worker.getByText("this family is finished")).toBeVisible();
  await worker.unroute(/\/api\/meeting\/(typed|act)/);
  const late = worker.locator(".cr-late");
  await expect(late).toContainText("Not in the meeting", { timeout: 15_000 });
  await expect(late.getByRole("textbox")).toHaveValue("Too late for the record.");
  // Still there after a reload, until its author says.
  await worker.reload();
  await live(worker);
  await expect(worker.locator(".cr-late").getByRole("textbox")).toHaveValue("Too late for the record.", { timeout: 15_000 });
  await worker.getByRole("button", { name: "File as a late contribution" }).click();
  await expect(worker.locator(".cr-late")).toHaveCount(0);
  await chair.goto(`${meeting}/minutes`);
  await expect(chair.locator(".cr-minutes")).toContainText("Late contributions");
  await expect(chair.locator(".cr-minutes")).toContainText("Too late for the record.");
  await chair.goto(`${server.url}/records`);
  await chair.locator('main a[href^="/records/"]').first().click();
  await expect(chair.locator("main")).toContainText("Julian Yardarm sent a late contribution");
  await chair.goto(`${chair.url()}/sign`);
  await expect(chair.locator("main")).toContainText("Julian Yardarm sent a late contribution");
  await worker.reload();
  await live(worker);
  await worker.waitForTimeout(800);
  await expect(worker.locator(".cr-late")).toHaveCount(0);
});

test("a session that ends in the middle of a sentence loses none of it", async ({ server, person }) => {
  const { chair, worker, meeting } = await begun(server, person, { worker: OFFLINE });
  await look(worker, "Views");
  await analysisOf(worker).fill("Before. ");
  await expect(state(worker)).toHaveText("Saved");
  const cookies = await worker.context().cookies();
  await worker.context().clearCookies();
  await analysisOf(worker).press("End");
  await analysisOf(worker).pressSequentially("After the session had ended.", { delay: 10 });
  await expect(state(worker)).toHaveText(KEPT, { timeout: 5_000 });
  // The same worker signs in again in this tab.
  await worker.goto(`${server.url}/sign-in`);
  await worker.getByLabel("E-mail").fill(WORKER);
  await worker.getByLabel("Password").fill(PASSWORD);
  await worker.getByRole("button", { name: "Sign in", exact: true }).click();
  await worker.waitForURL(/meetings$/);
  await worker.goto(meeting);
  await look(worker, "Views");
  await expect(analysisOf(worker)).toHaveValue("Before. After the session had ended.", { timeout: 15_000 });
  await look(chair, "Views");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Before. After the session had ended.");
  expect(cookies.length).toBeGreaterThan(0);
});

test("signing out with words not yet shared asks, and the content leaves every open page", async ({ server, person }) => {
  const { worker } = await begun(server, person, { worker: OFFLINE });
  const second = await worker.context().newPage();
  await second.goto(worker.url());
  await live(second);
  await cutWrites(worker);
  await look(worker, "Views");
  await analysisOf(worker).fill("Not shared.");
  await expect(state(worker)).toHaveText(KEPT, { timeout: 4_000 });
  await signOut(worker);
  const ask = worker.getByRole("alertdialog");
  await expect(ask).toContainText("not yet shared");
  await ask.getByRole("button", { name: "Stay" }).click();
  await expect(ask).toHaveCount(0);
  await signOut(worker);
  await ask.getByRole("button", { name: /Keep it here/ }).click();
  await expect(worker.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(second.locator(".cr-banner")).toContainText("You are signed out", { timeout: 15_000 });
  await expect(second.locator("body")).not.toContainText("Ottilie");
});

test("whoever types while the family is finished goes on where their words are kept", async ({ server, person }) => {
  const { chair, worker, meeting } = await begun(server, person, { worker: OFFLINE });
  await look(worker, "Views");
  await analysisOf(worker).click();
  await worker.keyboard.type("I was just saying");
  await expect(state(worker)).toHaveText("Saved");
  await finish(chair);
  await expect(worker.getByText("this family is finished")).toBeVisible();
  await expect(analysisOf(worker)).toBeFocused();
  await worker.keyboard.type(" that Ottilie sings again.", { delay: 15 });
  const late = worker.locator(".cr-late").getByRole("textbox");
  await expect(late).toHaveValue("that Ottilie sings again.", { timeout: 15_000 });
  await expect(late).toBeFocused();
  await expect(late).toBeInViewport();
  await expect(worker.getByText("I was just saying", { exact: true })).toBeVisible();
  await worker.keyboard.type(" In the kitchen.");
  // Nothing moves under the press: the first one counts, and says what it did.
  await worker.getByRole("button", { name: "File as a late contribution" }).click();
  await expect(worker.getByRole("group", { name: "What was done" })).toContainText("Filed as a late contribution.");
  await expect(worker.locator(".cr-late")).toHaveCount(0);
  await expect(worker.getByRole("textbox", { name: /^My analysis/ })).toHaveCount(0);
  await expect(worker.locator(".cr-identity .cr-state")).toHaveText("Saved");
  await chair.goto(`${meeting}/minutes`);
  await expect(chair.locator(".cr-minutes")).toContainText("that Ottilie sings again. In the kitchen.");
});

test("whoever records for somebody while the family is finished goes on where the words are kept", async ({ server, person }) => {
  const { chair, meeting } = await begun(server, person, { worker: OFFLINE });
  const elsewhere = await person(PEOPLE.chair);
  await elsewhere.goto(meeting);
  await live(elsewhere);
  const box = (await recordFor(chair, "Nadia Quoin")).getByRole("textbox");
  await box.click();
  await chair.keyboard.type("She says that");
  await expect(chair.locator(".cr-identity .cr-state")).toHaveText("Saved");
  await finish(elsewhere);
  await expect(chair.getByText("this family is finished")).toBeVisible();
  await expect(box).toBeFocused();
  await chair.keyboard.type(" he sleeps again.", { delay: 15 });
  const late = chair.locator(".cr-late").getByRole("textbox");
  await expect(late).toHaveValue("he sleeps again.", { timeout: 15_000 });
  await expect(late).toBeFocused();
});

test("signing out on another page asks too: stay, keep or discard", async ({ server, person }) => {
  const { worker, meeting } = await begun(server, person, { worker: OFFLINE });
  await cutWrites(worker);
  await look(worker, "Views");
  await analysisOf(worker).pressSequentially("Still on this device", { delay: 10 });
  await expect(state(worker)).toHaveText(KEPT, { timeout: 4_000 });
  await worker.goto(`${server.url}/families`);
  const dialog = worker.getByRole("dialog", { name: "Words not yet shared" });
  const button = worker.getByRole("button", { name: "Sign out", exact: true });
  await signOut(worker);
  await expect(dialog).toBeVisible();
  await accessible(worker, "signing out on another page");
  await expect(dialog.getByRole("link", { name: /Open that meeting/ })).toHaveAttribute("href", new URL(meeting).pathname);
  await dialog.getByRole("button", { name: "Stay" }).click();
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
  await signOut(worker);
  await dialog.getByRole("button", { name: "Keep it here" }).click();
  await worker.waitForURL(/\/sign-in/);
  const signIn = async () => {
    await worker.goto(`${server.url}/sign-in`);
    await worker.getByLabel("E-mail").fill(WORKER);
    await worker.getByLabel("Password").fill(PASSWORD);
    await worker.getByRole("button", { name: "Sign in", exact: true }).click();
    await worker.waitForURL(/\/meetings$/);
  };
  await signIn();
  await signOut(worker);
  await dialog.getByRole("button", { name: "Discard it" }).click();
  await worker.waitForURL(/\/sign-in/);
  await signIn();
  // Nothing is left, so nothing is asked.
  await signOut(worker);
  await worker.waitForURL(/\/sign-in/);
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

test("signing out without a connection takes the meeting off the page and happens when it is back", async ({ server, person }) => {
  const { worker } = await begun(server, person, { worker: OFFLINE });
  await look(worker, "Views");
  await analysisOf(worker).fill("Said in confidence.");
  await expect(state(worker)).toHaveText("Saved");
  await worker.context().setOffline(true);
  await analysisOf(worker).press("End");
  await analysisOf(worker).pressSequentially(" And kept.");
  await signOut(worker);
  await worker.getByRole("button", { name: "Keep it here" }).click();
  await expect(worker.getByRole("alert").filter({ hasText: "no connection to sign out with" })).toBeVisible();
  expect(await worker.content()).not.toContain("Said in confidence");
  await worker.context().setOffline(false);
  await worker.waitForURL(/\/sign-in/);
  await worker.goto(`${server.url}/meetings`);
  await expect(worker).toHaveURL(/\/sign-in/);
});

test("words that came too late are kept as their author goes on with them", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, { worker: OFFLINE });
  await look(worker, "Views");
  await analysisOf(worker).pressSequentially("She sleeps well now. ");
  await expect(state(worker)).toHaveText("Saved");
  await cutWrites(worker);
  await analysisOf(worker).pressSequentially("One thing more");
  await finish(chair);
  await worker.unroute(/\/api\/meeting\/(typed|act)/);
  const late = worker.locator(".cr-late").getByRole("textbox");
  await expect(late).toHaveValue(/One thing more/);
  await late.press("End");
  await worker.keyboard.type(": the school rang.");
  await worker.waitForTimeout(300);
  for (let again = 0; again < 2; again++) {
    await worker.reload();
    await expect(late).toHaveValue(/One thing more: the school rang\./);
  }
  await worker.getByRole("button", { name: "File as a late contribution" }).click();
  await expect(late).toHaveCount(0);
  await worker.reload();
  await live(worker);
  await expect(late).toHaveCount(0);
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
