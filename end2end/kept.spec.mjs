// What a device keeps: from the first moment, by one tab of several, and until the server has answered for good.
import { KEPT, analysisOf, begun, boxOf, cutWrites, expect, live, look, test } from "./caseround.mjs";

const OFFLINE = { worker: { expectErrors: ["ERR_FAILED", "Failed to fetch", "404"] } };
const stepOf = (page) => page.locator(".cr-add-step").getByLabel("What", { exact: true });

test("a press before the device's store is open is kept as well", async ({ server, person }) => {
  const { worker } = await begun(server, person, OFFLINE);
  await look(worker, "Decide");
  let opens;
  const open = new Promise((resolve) => (opens = resolve));
  await worker.route(/\/api\/device\/key/, async (route) => {
    await open;
    await route.continue();
  });
  await cutWrites(worker);
  await worker.reload();
  await live(worker);
  await look(worker, "Decide");
  await stepOf(worker).fill("ring the school");
  await stepOf(worker).press("Enter");
  await expect(worker.getByText(/Not yet shared/).first()).toBeVisible();
  opens();
  await worker.waitForTimeout(500);
  await worker.unrouteAll({ behavior: "ignoreErrors" });
  await worker.route(/\/api\/meeting\/act/, (route) => route.abort());
  await worker.reload();
  await live(worker);
  await worker.unrouteAll({ behavior: "ignoreErrors" });
  await look(worker, "Decide");
  await expect(worker.locator(".cr-next-steps__list")).toContainText("ring the school", { timeout: 15_000 });
  await expect(worker.locator(".cr-next-steps__step")).toHaveCount(1);
});

test("the device's store opens though the page's memory grows meanwhile", async ({ server, person }) => {
  const { worker } = await begun(server, person, OFFLINE);
  await look(worker, "Decide");
  await stepOf(worker).fill("ring the aunt about Monday");
  await worker.waitForTimeout(300);
  await worker.addInitScript(() => {
    let memory;
    for (const name of ["instantiate", "instantiateStreaming"]) {
      const plain = WebAssembly[name].bind(WebAssembly);
      WebAssembly[name] = async (...args) => {
        const made = await plain(...args);
        memory = (made.instance ?? made).exports.memory;
        return made;
      };
    }
    const request = navigator.locks.request.bind(navigator.locks);
    navigator.locks.request = (...args) => {
      memory?.grow(1);
      window.grown = !!memory;
      return request(...args);
    };
  });
  await worker.reload();
  await live(worker);
  await look(worker, "Decide");
  await expect(stepOf(worker)).toHaveValue("ring the aunt about Monday");
  expect(await worker.evaluate(() => window.grown)).toBe(true);
});

test("on a slow device the words typed last are kept as soon as the ones before", async ({ server, person }) => {
  const { worker } = await begun(server, person, OFFLINE);
  await worker.addInitScript(() => {
    const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
    crypto.subtle.encrypt = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      return encrypt(...args);
    };
    // Nothing is sent as the page is left.
    const plain = window.fetch.bind(window);
    window.fetch = (request, ...rest) => (request.keepalive ? new Promise(() => {}) : plain(request, ...rest));
  });
  await worker.reload();
  await live(worker);
  await look(worker, "Views");
  // The store is open.
  await worker.waitForTimeout(500);
  await cutWrites(worker);
  await analysisOf(worker).pressSequentially("Thirty letters, one by one, no", { delay: 10 });
  await worker.waitForTimeout(700);
  await worker.reload();
  await live(worker);
  await worker.unroute(/\/api\/meeting\/(typed|act)/);
  await look(worker, "Views");
  await expect(analysisOf(worker)).toHaveValue("Thirty letters, one by one, no");
});

test("of two tabs that load at once, one takes what an earlier page has left", async ({ server, person }) => {
  const { worker, meeting } = await begun(server, person, OFFLINE);
  await look(worker, "Decide");
  await stepOf(worker).fill("ring the aunt about Monday");
  await worker.waitForTimeout(300);
  const other = await worker.context().newPage();
  await worker.goto("about:blank");
  await Promise.all([worker.goto(meeting), other.goto(meeting)]);
  await Promise.all([live(worker), live(other)]);
  await Promise.all([look(worker, "Decide"), look(other, "Decide")]);
  const held = () => Promise.all([worker, other].map((page) => stepOf(page).inputValue()));
  await expect.poll(async () => (await held()).sort()).toEqual(["", "ring the aunt about Monday"]);
});

test("what a tab leaves that is closed is taken by another one, without loading it again", async ({ server, person }) => {
  const { chair, worker, meeting } = await begun(server, person, OFFLINE);
  const other = await worker.context().newPage();
  await other.goto(meeting);
  await live(other);
  await cutWrites(worker);
  await look(worker, "Views");
  await analysisOf(worker).fill("Calmer mornings.");
  await expect(worker.locator(".cr-identity .cr-state")).toHaveText(KEPT);
  await look(worker, "Decide");
  await stepOf(worker).fill("ring the aunt about Monday");
  await worker.waitForTimeout(300);
  await worker.close();
  await look(chair, "Views");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Calmer mornings.", { timeout: 20_000 });
  await look(other, "Decide");
  await expect(stepOf(other)).toHaveValue("ring the aunt about Monday", { timeout: 20_000 });
});

test("what the server answers for good is told and no more sent", async ({ server, person }) => {
  const { worker } = await begun(server, person, OFFLINE);
  await look(worker, "Decide");
  await cutWrites(worker);
  await stepOf(worker).fill("ring the school");
  await stepOf(worker).press("Enter");
  await expect(worker.getByText(/Not yet shared/).first()).toBeVisible();
  let asked = 0;
  await worker.unrouteAll({ behavior: "ignoreErrors" });
  await worker.route(/\/api\/meeting\/act/, (route) => {
    asked += 1;
    return route.fulfill({ status: 404, body: "" });
  });
  const late = worker.getByRole("region", { name: "Words that came too late" });
  await expect(late).toContainText("Not sent. The server did not take this (404).");
  await expect(late).toContainText("A step: ring the school");
  await expect(worker.getByText(/Not yet shared/)).toHaveCount(0);
  await worker.waitForTimeout(4_500);
  expect(asked).toBe(1);
  await late.getByRole("button", { name: "Understood" }).click();
  await late.getByRole("button", { name: "Discard these words for good" }).click();
  await worker.waitForTimeout(300);
  await worker.unrouteAll({ behavior: "ignoreErrors" });
  await worker.reload();
  await live(worker);
  await look(worker, "Decide");
  await expect(worker.locator(".cr-next-steps__step")).toHaveCount(0);
  await expect(late).toHaveCount(0);
});

test("a browser that keeps nothing says so before the meeting, and words are shared all the same", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, { worker: { expectErrors: ["This browser keeps no words: SecurityError"] } });
  await worker.addInitScript(() => {
    indexedDB.open = () => { throw new DOMException("no store here", "SecurityError"); };
  });
  const said = worker.waitForEvent("console", (message) => message.text().includes("keeps no words"));
  await worker.reload();
  await live(worker);
  await said;
  await expect(worker.getByText("This browser cannot keep text. Words are safe once their box says “Saved”")).toBeVisible();
  await look(worker, "Views");
  await analysisOf(worker).fill("Calmer mornings.");
  await expect(worker.locator(".cr-identity .cr-state")).toHaveText("Saved");
  await look(chair, "Views");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Calmer mornings.");
});
