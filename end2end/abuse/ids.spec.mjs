// The ids of other people's meetings, families and steps, put into every field of every form of one's own page.
import { analysisOf, begun, expect, look, open, openPeople, planWith, test } from "../caseround.mjs";
import { SESSION, post, request } from "./request.mjs";

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/// Every form of a page: its address and its fields.
const formsOf = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("form")].map((form) => {
      const fields = [...new FormData(form).entries()];
      const buttons = [...form.querySelectorAll("button[name]")].map((button) => [button.name, button.value]);
      return { action: new URL(form.action).pathname, fields: [...fields, ...buttons.slice(0, 1)].filter(([, value]) => typeof value === "string") };
    }));

/// The short names of a page's headings.
const headings = async (page) => (await page.locator(".cr-headings__name").allInnerTexts()).map((name) => name.split(/[\n·,]/)[0].trim());

test("with other people's ids in their fields one's own forms change nothing of theirs and show nothing", async ({ server, person }) => {
  const { chair } = await begun(server, person);
  const other = await person("bethan.plumbline.7013@example.invalid");
  await other.goto(`${server.url}/meetings/new`);
  const reference = (await other.locator(".cr-plan__family").first().innerText()).match(/FS-\d+/)[0];
  await planWith(other, server, [reference]);
  await other.getByRole("button", { name: "Open meeting" }).click();
  await other.getByRole("button", { name: "Start this family", exact: true }).click();
  await look(other, "Views");
  const secret = "Words that only Birchcombe may read.";
  if (await analysisOf(other).count()) await analysisOf(other).fill(secret);
  /// What the other meeting's page says under each heading, but for the time, and every id on it.
  const shownOn = async (page) => {
    const [ids, words] = [new Set(), []];
    for (const name of await headings(page)) {
      await look(page, name);
      for (const id of (await page.content()).match(UUID)) ids.add(id);
      words.push(await page.locator("#scene").innerText());
    }
    return { ids, words: words.join("\n").replace(/\d\d:\d\d/g, "") };
  };
  const { ids: own } = await shownOn(chair);
  const before = await shownOn(other);
  const foreign = [...before.ids].filter((id) => !own.has(id));
  expect(foreign.length, "there are ids to try").toBeGreaterThan(3);

  const forms = [];
  for (const name of await headings(chair)) {
    await look(chair, name);
    for (const summary of await chair.locator(".cr-scene summary").all()) if (await summary.isVisible()) await open(summary).catch(() => {});
    forms.push(...(await formsOf(chair)));
  }
  await openPeople(chair);
  forms.push(...(await formsOf(chair)));
  const cookie = (await chair.context().cookies()).find(({ name }) => name === SESSION).value;
  const tried = new Set();
  let sent = 0;
  for (const { action, fields } of forms) {
    for (const [at, [name, value]] of fields.entries()) {
      if (!value.match(UUID) || name === "form[command]" || action === "/api/sign-out") continue;
      const act = fields.find(([name]) => name === "form[act]")?.[1] ?? action;
      const key = `${act} ${name}`;
      if (tried.has(key)) continue;
      tried.add(key);
      for (const id of foreign) {
        const body = fields.map(([name, kept], index) => [name, index === at ? kept.replace(UUID, id) : name === "form[command]" ? crypto.randomUUID() : kept]);
        const { status, headers, text } = await post(server, action, body, { cookie });
        sent++;
        expect(status, `${key}: ${text.slice(0, 200)}`).toBeLessThan(500);
        expect(text, key).not.toContain(secret);
        const shown = headers.location && headers.location.includes("draft=") ? (await request(server, headers.location, { cookie })).text : "";
        expect(shown, key).not.toContain(reference);
        expect(shown, key).not.toContain(secret);
      }
    }
  }
  console.log(`${tried.size} fields of ${forms.length} forms, ${sent} requests with ${foreign.length} ids`);
  expect(tried.size).toBeGreaterThan(15);
  await other.reload();
  expect((await shownOn(other)).words, "Birchcombe's meeting is as it was").toBe(before.words);
});
