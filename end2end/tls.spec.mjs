// The server speaks https with HTTP/2 itself, given a certificate.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { PASSWORD, PEOPLE, analysisOf, boxOf, expect, live, plan, startServer, test, look } from "./caseround.mjs";

test("a meeting over HTTP/2", async ({ browser }) => {
  const folder = mkdtempSync(join(tmpdir(), "caseround-"));
  const [key, certificate] = ["key.pem", "certificate.pem"].map((name) => join(folder, name));
  const make = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", certificate];
  execFileSync("openssl", make, { stdio: "ignore" });
  const server = await startServer({ folder, certificate, key });
  const people = [];
  for (const email of [PEOPLE.chair, "julian.yardarm.7002@example.invalid"]) {
    const context = await browser.newContext({ viewport: { width: 1366, height: 900 }, ignoreHTTPSErrors: true });
    const page = await context.newPage();
    await page.goto(`${server.url}/sign-in`);
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.waitForURL(/\/meetings$/);
    people.push(page);
  }
  const [chair, worker] = people;
  const meeting = await plan(chair, server, ["FS-3046"]);
  await worker.goto(meeting);
  await Promise.all(people.map(live));
  expect(await worker.evaluate(() => performance.getEntriesByType("navigation")[0].nextHopProtocol)).toBe("h2");
  const cookies = await worker.context().cookies();
  expect(cookies.map(({ name, secure, httpOnly }) => ({ name, secure, httpOnly }))).toEqual([{ name: "__Host-caseround", secure: true, httpOnly: true }]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await expect(worker.locator(".cr-scene__heading")).toBeVisible();
  await look(worker, "Views");
  await analysisOf(worker).fill("Written over HTTP/2.");
  await look(chair, "Views");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Written over HTTP/2.");
  for (const page of people) await page.context().close();
  await server.stop();
  server.remove();
});
