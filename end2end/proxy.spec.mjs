// Behind a proxy that holds streams back until they end, the page asks again and again instead.
import { createServer, request } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import { PASSWORD, PEOPLE, analysisOf, boxOf, expect, live, plan, test, look } from "./caseround.mjs";

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
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await expect(worker.locator(".cr-scene__heading")).toContainText("Review last month's steps");
  await expect(chair.locator(".cr-here")).toContainText("2 here");
  await look(worker, "Views");
  await analysisOf(worker).fill("Written behind the proxy.");
  await look(chair, "Views");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Written behind the proxy.");
  await look(chair, "Meaning");
  await chair.getByRole("textbox", { name: /^Ottilie · FS-/ }).fill("Read behind the proxy.");
  await look(worker, "Meaning");
  await expect(worker.getByRole("textbox", { name: /^Ottilie · FS-/ })).toHaveValue("Read behind the proxy.");
  await context.close();
  proxy.close();
  proxy.closeAllConnections();
});

/// Forwards everything as it comes, and cuts what has been idle for a while, or everything at once.
function impatientProxy(port, patience) {
  const sockets = new Set();
  const cuts = { idle: 0 };
  const proxy = createTcpServer((incoming) => {
    const outgoing = connect(port, "127.0.0.1");
    for (const [socket, other] of [[incoming, outgoing], [outgoing, incoming]]) {
      sockets.add(socket);
      socket.setTimeout(patience, () => { cuts.idle += socket.streaming ? 1 : 0; incoming.destroy(); outgoing.destroy(); });
      socket.on("data", (data) => { if (data.includes("text/event-stream")) incoming.streaming = outgoing.streaming = true; });
      socket.on("error", () => other.destroy());
      socket.on("close", () => { sockets.delete(socket); other.destroy(); });
      socket.pipe(other);
    }
  });
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return new Promise((resolve) => proxy.listen(0, "127.0.0.1", () => resolve({ url: `http://127.0.0.1:${proxy.address().port}`, cut, cuts, close: () => { proxy.close(); cut(); } })));
}

test("a proxy that cuts idle connections finds none that is idle, and a cut is mended", async ({ server, person, browser }) => {
  const chair = await person(PEOPLE.chair);
  const meeting = await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  const proxy = await impatientProxy(server.port, 15_000);
  const context = await browser.newContext({ viewport: { width: 1366, height: 900 } });
  const worker = await context.newPage();
  await worker.goto(`${proxy.url}/sign-in`);
  await worker.getByLabel("E-mail").fill("julian.yardarm.7002@example.invalid");
  await worker.getByLabel("Password").fill(PASSWORD);
  await worker.getByRole("button", { name: "Sign in", exact: true }).click();
  await worker.waitForURL(/\/meetings$/);
  await worker.goto(meeting.replace(server.url, proxy.url));
  await live(worker);
  await worker.waitForTimeout(32_000);
  expect(proxy.cuts.idle, "streams that were idle for half the proxy's patience and more").toBe(0);
  proxy.cut();
  await look(worker, "Views");
  await analysisOf(worker).pressSequentially("Written through the cut.", { delay: 20 });
  await look(chair, "Views");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Written through the cut.");
  await look(chair, "Meaning");
  await chair.getByRole("textbox", { name: /^Ottilie · FS-/ }).fill("Heard after the cut.");
  await look(worker, "Meaning");
  await expect(worker.getByRole("textbox", { name: /^Ottilie · FS-/ })).toHaveValue("Heard after the cut.");
  await context.close();
  proxy.close();
});
