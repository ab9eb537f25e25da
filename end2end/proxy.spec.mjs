// Behind a proxy that holds streams back until they end, the page asks again and again instead.
import { createServer, request } from "node:http";
import { PASSWORD, PEOPLE, analysisOf, boxOf, expect, live, plan, test } from "./caseround.mjs";

/// Forwards everything, and streams not at all until they are over.
function bufferingProxy(port) {
  const proxy = createServer((incoming, outgoing) => {
    const forwarded = request({ port, host: "127.0.0.1", path: incoming.url, method: incoming.method, headers: incoming.headers }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => { outgoing.writeHead(answer.statusCode, answer.headers); outgoing.end(Buffer.concat(parts)); });
    });
    forwarded.on("error", () => outgoing.destroy());
    outgoing.on("close", () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  return new Promise((resolve) => proxy.listen(0, "127.0.0.1", () => resolve(proxy)));
}

test("a meeting behind a proxy that buffers", async ({ server, person, browser }) => {
  const chair = await person(PEOPLE.chair);
  const meeting = await plan(chair, server, ["FS-3046"]);
  await live(chair);
  const proxy = await bufferingProxy(server.port);
  const context = await browser.newContext({ viewport: { width: 1366, height: 900 } });
  const worker = await context.newPage();
  const url = `http://127.0.0.1:${proxy.address().port}`;
  await worker.goto(`${url}/sign-in`);
  await worker.getByLabel("E-mail").fill("julian.yardarm.7002@example.invalid");
  await worker.getByLabel("Password").fill(PASSWORD);
  await worker.getByRole("button", { name: "Sign in", exact: true }).click();
  await worker.waitForURL(/\/meetings$/);
  await worker.goto(meeting.replace(server.url, url));
  await expect(worker.locator(".cr-meeting.cr-live")).toBeVisible({ timeout: 30_000 });
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start", exact: true }).click();
  await expect(worker.locator(".cr-stage--now")).toContainText("Since last time");
  await expect(chair.locator(".cr-here")).toContainText("2 here");
  await analysisOf(worker).fill("Written behind the proxy.");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Written behind the proxy.");
  await chair.getByRole("textbox", { name: "Ottilie", exact: true }).fill("Read behind the proxy.");
  await expect(worker.getByRole("textbox", { name: "Ottilie", exact: true })).toHaveValue("Read behind the proxy.");
  await context.close();
  proxy.close();
  proxy.closeAllConnections();
});
