// Whatever becomes of the room, the connection and the page while somebody writes, in two tabs and beside the chair: each word
// is afterwards in its box, in its form, or with its author to be filed. SEEDS says how many walks, FIRST which is the first;
// with TOLD each says what it did.
import { analysisOf, begun, cutWrites, expect, live, look, numbers, planWith, test } from "./caseround.mjs";

const SEEDS = Number(process.env.SEEDS ?? 4);
const FIRST = Number(process.env.FIRST ?? 1);
const STEPS = 30;
const WITHOUT = { expectErrors: ["ERR_INTERNET_DISCONNECTED", "Failed to fetch", "ERR_FAILED", "status of 4"] };

for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
  test(`no word is lost on a walk through cuts, reloads, finishing and reopening: seed ${seed}`, async ({ server, person }) => {
    test.setTimeout(240_000);
    await walk(server, person, numbers(seed));
  });
}

/// Every field of words on the page.
const FIELDS = ".cr-meeting textarea, .cr-meeting input[type=text], .cr-meeting input:not([type])";

async function walk(server, person, random) {
  const { chair, worker: first, meeting } = await begun(server, person, { worker: WITHOUT }, planWith);
  let worker = first;
  const headings = await worker.locator(".cr-headings a").evaluateAll((links) => links.map((link) => link.href));
  // There is something to answer.
  await look(chair, "Decide");
  const decision = chair.locator(".cr-decision").first();
  await decision.getByLabel("What is decided").selectOption({ label: "Step up: strategy discussion" });
  await decision.getByLabel("Why", { exact: true }).fill("Two calls from the school in a week.");
  await decision.getByRole("button", { name: "Propose this decision" }).click();
  const any = (list) => list[Math.floor(random() * list.length)];
  const tab = await worker.context().newPage();
  await tab.goto(meeting);
  await live(tab);
  const told = [];
  const words = [];
  let cut = "";
  // One letter, into what has the focus at that moment; each is another one, so that it can be told where it went.
  const write = async (at, page = worker) => {
    const letter = String.fromCharCode(0x4e00 + words.length);
    const typed = await page.evaluate((letter) => {
      const field = document.activeElement;
      if (!field.matches("textarea, input[type=text], input:not([type])")) return "";
      document.execCommand("insertText", false, letter);
      return field.id || field.name;
    }, letter);
    if (!typed) return;
    told.push(`${at}: ${letter} (${typed})`);
    words.push(letter);
  };
  const press = async (name) => {
    const button = chair.getByRole("button", { name, exact: true });
    if (!(await button.first().isVisible())) return;
    told.push(name);
    // It may leave the page under the finger, as when the press before it is answered.
    await button.first().click({ timeout: 1_000 }).catch(() => told.push("…which was gone"));
  };
  const mend = async () => {
    if (cut === "line") await worker.context().setOffline(false);
    if (cut === "writes") await worker.unroute(/\/api\/meeting\/(typed|act)/);
    cut = "";
  };
  const comesBack = async () => {
    await worker.goto(meeting);
    await live(worker);
  };
  const reopen = async () => {
    // It is on the page of the finished family, not under the heading the chair may look back at.
    await chair.goto(meeting);
    await live(chair);
    await press("Reopen this family");
  };
  const acts = {
    async type() {
      await worker.locator(".cr-headings a").nth(Math.floor(random() * headings.length)).click({ timeout: 1_000 });
      const fields = worker.locator(FIELDS).filter({ visible: true });
      const field = fields.nth(Math.floor(random() * (await fields.count())));
      await field.click({ timeout: 1_000 });
      await field.press("End", { timeout: 1_000 });
      await write("types");
    },
    typeOn: () => write("on"),
    // The chair, or the same person in another tab, writes in a box that several share.
    async shares() {
      const page = any([chair, tab]);
      await page.locator(".cr-headings a", { hasText: any(["Lives", "Meaning"]) }).first().click({ timeout: 1_000 });
      const field = page.locator(".cr-scene .cr-box textarea").first();
      await field.click({ timeout: 1_000 });
      await field.press(any(["Home", "End"]), { timeout: 1_000 });
      await write(page === chair ? "the chair" : "the other tab", page);
    },
    async enter() {
      if (await worker.evaluate(() => document.activeElement.matches("input"))) await worker.keyboard.press("Enter");
    },
    next: () => press(/^Next: (?!FS)/),
    finish: async () => {
      const more = chair.locator(".cr-bar .cr-more > summary");
      if (!(await more.isVisible())) return;
      await more.click({ timeout: 1_000 });
      await press("Finish this family");
      await chair.keyboard.press("Escape");
    },
    reopen,
    async cutLine() {
      if (cut) return mend();
      told.push("no connection");
      cut = "line";
      await worker.context().setOffline(true);
    },
    async cutWrites() {
      if (cut) return mend();
      told.push("nothing is taken");
      cut = "writes";
      await cutWrites(worker);
    },
    async reload() {
      if (cut === "line") return;
      told.push("loads the page again");
      await worker.waitForTimeout(100);
      await worker.reload();
      await live(worker);
    },
    async closes() {
      if (cut) return;
      told.push("closes the page and comes back");
      await worker.waitForTimeout(100);
      const page = await worker.context().newPage();
      await worker.close();
      worker = page;
      await comesBack();
    },
    wait: () => worker.waitForTimeout(Math.floor(random() * 300)),
  };
  const kinds = ["type", "type", "type", "type", "typeOn", "typeOn", "typeOn", "shares", "shares", "shares", "enter", "next", "finish", "reopen", "reopen", "cutLine", "cutWrites", "reload", "closes", "wait"];
  for (let at = 0; at < STEPS; at++) await acts[any(kinds)]().catch((missed) => told.push(`missed: ${missed.message.split("\n")[0]}`));
  await mend();
  // What a closed tab leaves is the other's.
  await tab.waitForTimeout(300);
  await tab.close();
  // What was pressed last may arrive now.
  await expect(async () => {
    await reopen();
    await comesBack();
    await look(worker, "Views");
    await expect(analysisOf(worker)).toBeVisible({ timeout: 2_000 });
  }).toPass();

  /// What stands where: in boxes, in the form, with its author.
  const found = async () => {
    let boxes = "", all = "";
    for (let at = 0; at < headings.length; at++) {
      const link = worker.locator(".cr-headings a").nth(at);
      await link.click();
      await expect(link).toHaveAttribute("aria-current", "page");
      const page = await worker.evaluate((fields) => {
        const values = (selector) => [...document.querySelectorAll(selector)].map((field) => field.value).join(" ");
        return { boxes: values(".cr-scene .cr-box textarea"), all: `${values(fields)} ${document.querySelector(".cr-meeting").innerText}` };
      }, FIELDS);
      boxes += page.boxes;
      all += page.all;
    }
    all += await chair.locator(".cr-late textarea").evaluateAll((fields) => fields.map((field) => field.value).join(" "));
    return { boxes, all };
  };
  const lost = async () => {
    const { all } = await found();
    return words.filter((word) => !all.includes(word));
  };
  const twice = async () => {
    const { boxes } = await found();
    return words.filter((word) => boxes.split(word).length > 2);
  };
  const allThere = async () => {
    await expect.poll(lost, { message: told.join("; "), timeout: 20_000 }).toEqual([]);
    expect(await twice(), told.join("; ")).toEqual([]);
  };
  await allThere();
  if (process.env.TOLD) console.log(told.join("; "));
  // It is so for good.
  await worker.reload();
  await live(worker);
  await allThere();
}
