// What a device keeps: from the first moment, by one tab of several, and until the server has answered for good.
import { KEPT, analysisOf, begun, boxOf, cutWrites, expect, live, look, saved, test } from "./caseround.mjs";

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

// Keeping takes so many milliseconds, and nothing is sent as the page is left.
async function slowDevice(page, milliseconds) {
  await page.addInitScript((milliseconds) => {
    const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
    crypto.subtle.encrypt = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return encrypt(...args);
    };
    const plain = window.fetch.bind(window);
    window.fetch = (request, ...rest) => (request.keepalive ? new Promise(() => {}) : plain(request, ...rest));
  }, milliseconds);
  await page.reload();
  await live(page);
  await look(page, "Views");
  // The store is open.
  await page.waitForTimeout(3 * milliseconds + 100);
  await cutWrites(page);
}

test("on a slow device the words typed last are kept as soon as the ones before", async ({ server, person }) => {
  const { worker } = await begun(server, person, OFFLINE);
  await slowDevice(worker, 150);
  await analysisOf(worker).pressSequentially("Thirty letters, one by one, no", { delay: 10 });
  await worker.waitForTimeout(700);
  await worker.reload();
  await live(worker);
  await worker.unroute(/\/api\/meeting\/(typed|act)/);
  await look(worker, "Views");
  await expect(analysisOf(worker)).toHaveValue("Thirty letters, one by one, no");
});

test("words are called kept once they are, and until then leaving asks", async ({ server, person }) => {
  const { worker } = await begun(server, person, OFFLINE);
  await slowDevice(worker, 1_000);
  await analysisOf(worker).pressSequentially("The first");
  await expect(saved(worker)).toHaveText(KEPT, { timeout: 10_000 });
  await analysisOf(worker).pressSequentially(" and the second");
  await expect(saved(worker)).toHaveText("Saving", { timeout: 1_500 });
  const asked = worker.waitForEvent("dialog");
  await worker.evaluate(() => setTimeout(() => location.reload()));
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  // Whoever stays a moment has them kept.
  await expect(saved(worker)).toHaveText(KEPT, { timeout: 10_000 });
  await worker.reload();
  await live(worker);
  await worker.unroute(/\/api\/meeting\/(typed|act)/);
  await look(worker, "Views");
  await expect(analysisOf(worker)).toHaveValue("The first and the second", { timeout: 20_000 });
});
