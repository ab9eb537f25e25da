// Another site that somebody opens in the browser in which they are signed in.
import { createServer } from "node:http";
import { begun, expect, test } from "../caseround.mjs";
import { SESSION, request } from "./request.mjs";

/// A site under another name: for a browser "localhost" is not "127.0.0.1".
async function site(html) {
  const server = createServer((_, answer) => answer.writeHead(200, { "content-type": "text/html" }).end(html));
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  return { url: `http://localhost:${server.address().port}/`, close: () => server.close() };
}

test("another site presses nothing, reads nothing and frames nothing", async ({ server, person }) => {
  const noise = ["Failed to load resource", "Refused to", "violates the following", "Framing", "frame", "CORS", "blocked", "EventSource"];
  const { chair, meeting } = await begun(server, person, { both: { expectErrors: noise } });
  const id = meeting.split("/").pop();
  const slot = await chair.locator('[name="form[slot]"]').first().inputValue();
  const fields = Object.entries({ meeting: id, slot, act: "finish", command: crypto.randomUUID() })
    .map(([name, value]) => `<input name="form[${name}]" value="${value}">`).join("");
  const evil = await site(`<!doctype html><title>A nice site</title>
    <iframe name="shown" src="${meeting}"></iframe><iframe name="pressed"></iframe><img src="${meeting}">
    <form id="f" method="post" action="${server.url}/api/meeting/act" target="pressed">${fields}</form>
    <form id="p" method="post" enctype="text/plain" action="${server.url}/api/meeting/act" target="pressed">${fields}</form>
    <script>window.seen = [];
      f.submit();
      setTimeout(() => p.submit(), 300);
      fetch("${meeting}", { credentials: "include" }).then(() => seen.push("page read"), () => seen.push("-"));
      fetch("${server.url}/api/meeting/act", { method: "POST", credentials: "include", mode: "no-cors", body: new URLSearchParams(new FormData(f)) }).then(() => seen.push("-"), () => seen.push("-"));
      const stream = new EventSource("${meeting}/stream?after=0", { withCredentials: true });
      stream.onmessage = () => seen.push("stream read");
      stream.onerror = () => seen.push("-");
    </script>`);
  const page = await chair.context().newPage();
  await page.goto(evil.url);
  await expect.poll(() => page.evaluate(() => window.seen.length)).toBeGreaterThanOrEqual(3);
  await page.waitForTimeout(1000);
  expect(await page.evaluate(() => window.seen.filter((what) => what !== "-"))).toEqual([]);
  const framed = page.frame("shown");
  expect(framed ? await framed.content() : "", "the meeting is not shown in a frame").not.toContain("FS-3046");
  await expect(chair.locator("#next-stage"), "the family is not finished").toBeVisible();

  // The browser's own words for it, sent with the session by hand: reading for another site's page is refused, too.
  const cookie = (await chair.context().cookies()).find(({ name }) => name === SESSION).value;
  for (const path of [`/meetings/${id}`, `/meetings/${id}/stream?after=0`, "/families"]) {
    const answer = await request(server, path, { cookie, headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" } });
    expect(answer.status, path).toBe(403);
  }
  const link = await request(server, "/meetings", { cookie, headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" } });
  expect(link.status, "a link in a mail opens its page").toBe(200);
  evil.close();
  await page.close();
});
