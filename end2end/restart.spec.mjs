// A server that is killed, and one that comes back as another build.
import { appendFileSync, cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { analysisOf, begun, boxOf, expect, live, look, startServer, test } from "./caseround.mjs";

const BROKEN = { expectErrors: ["ERR_", "Failed to", "503"] };

/// Where somebody is: their field, caret, where on the screen it stands, and how far the page is scrolled.
const place = (page) => page.evaluate(() => {
  const { id, selectionStart, selectionEnd } = document.activeElement;
  return { id, selectionStart, selectionEnd, top: document.activeElement.getBoundingClientRect().top, scrolled: scrollY };
});

/// The same field and caret, at the same place on the screen; at a page's very top, where nothing can be scrolled to make up
/// for a banner that goes, on a page that was not scrolled.
async function stays(page, { top, scrolled, ...before }) {
  const { top: now, scrolled: then, ...after } = await place(page);
  expect(after).toEqual(before);
  expect(Math.min(Math.abs(now - top), Math.abs(then - scrolled))).toBeLessThan(3);
}

test("a restart costs no focus, no caret and no character", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, { both: BROKEN });
  await look(worker, "Views");
  const box = analysisOf(worker);
  await box.pressSequentially("Before. After.", { delay: 10 });
  await look(chair, "Views");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Before. After.");
  for (let step = 0; step < " After.".length; step++) await box.press("ArrowLeft");
  await server.stop("SIGKILL");
  await box.pressSequentially(" While nobody answered.", { delay: 30 });
  await expect(worker.locator(".cr-banner")).toContainText("No connection");
  const before = await place(worker);
  const again = await startServer({ folder: server.folder, port: server.port });
  try {
    await expect(worker.locator(".cr-banner")).toHaveCount(0);
    await expect(boxOf(chair, "Julian Yardarm")).toContainText("Before. While nobody answered. After.");
    await stays(worker, before);
    await worker.keyboard.type(" And on.");
    await expect(box).toHaveValue("Before. While nobody answered. And on. After.");
    await expect(boxOf(chair, "Julian Yardarm")).toContainText("Before. While nobody answered. And on. After.");
  } finally {
    await again.stop();
  }
});

test("a page of an older build keeps its words, loads itself again and goes on where it was", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person, { both: BROKEN });
  await look(worker, "Views");
  const box = analysisOf(worker);
  await box.pressSequentially("Before. After.", { delay: 10 });
  await look(chair, "Views");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Before. After.");
  for (let step = 0; step < " After.".length; step++) await box.press("ArrowLeft");
  // The chair is in the middle of a step: that page waits until it is sent.
  await look(chair, "Decide");
  const step = chair.locator(".cr-add-step").getByLabel("What", { exact: true });
  await step.fill("Ring the health visitor");
  await server.stop("SIGKILL");
  await box.pressSequentially(" In between.", { delay: 30 });
  const assets = join(server.folder, "assets");
  cpSync("target/site/pkg", assets, { recursive: true });
  // A section that means nothing: another build, and the same program.
  appendFileSync(join(assets, "caseround_bg.wasm"), Buffer.from("\x00\x0e\x0danother build", "latin1"));
  for (const tail of [".br", ".gz"]) rmSync(join(assets, `caseround_bg.wasm${tail}`), { force: true });
  for (const page of [chair, worker]) await page.evaluate(() => (window.thisPage = true));
  const again = await startServer({ folder: server.folder, port: server.port, assets });
  try {
    await expect(chair.getByRole("alert").filter({ hasText: "Caseround was renewed" })).toBeVisible();
    await expect.poll(() => worker.evaluate(() => window.thisPage).catch(() => true)).toBe(undefined);
    await live(worker);
    await expect(analysisOf(worker)).toHaveValue("Before. In between. After.");
    await expect(analysisOf(worker)).toBeFocused();
    await worker.keyboard.type(" And on.");
    await expect(analysisOf(worker)).toHaveValue("Before. In between. And on. After.");
    await expect(step).toHaveValue("Ring the health visitor");
    await step.press("Enter");
    await expect.poll(() => chair.evaluate(() => window.thisPage).catch(() => true)).toBe(undefined);
    await live(chair);
    await expect(chair.locator(".cr-next-steps__step")).toContainText("Ring the health visitor");
    await look(chair, "Views");
    await expect(boxOf(chair, "Julian Yardarm")).toContainText("Before. In between. And on. After.");
    await expect(chair.locator(".cr-banner")).toHaveCount(0);
  } finally {
    await again.stop();
  }
});
