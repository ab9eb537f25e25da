// Several people type in one box at once: what each typed in a row stays in a row.
import { PEOPLE, expect, live, plan, test, look } from "./caseround.mjs";

const WORKER = "julian.yardarm.7002@example.invalid";
const WORDS = Number(process.env.WORDS ?? 40);

test("two people who begin in one empty box at the same time keep their words whole", async ({ server, person }) => {
  test.setTimeout(180_000);
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER);
  const meeting = await plan(chair, server, ["FS-3046"]);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await Promise.all([look(chair, "Meaning"), look(worker, "Meaning")]);
  const [a, b] = [chair, worker].map((page) => page.getByRole("textbox", { name: /^Ottilie · FS-/ }));
  await expect(b).toBeVisible();
  // On a machine with other work it takes longer than one press may.
  const keys = { delay: 30, timeout: 120_000 };
  const text = (name) => Array.from({ length: WORDS }, (_, n) => `${name}word${String(n).padStart(2, "0")} `).join("");
  await Promise.all([a.pressSequentially(text("A"), keys), b.pressSequentially(text("B"), keys)]);
  await expect.poll(async () => (await a.inputValue()) === (await b.inputValue())).toBe(true);
  const value = await a.inputValue();
  for (const name of ["A", "B"]) expect(value, "one after the other").toContain(text(name));
  expect(value.length).toBe(text("A").length + text("B").length);
});

test("a tab that comes to the front is current before anybody types in it", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER);
  const meeting = await plan(chair, server, ["FS-3046"]);
  await worker.context().clock.install();
  const tabs = [];
  for (let tab = 0; tab < 5; tab++) {
    const page = await worker.context().newPage();
    await page.goto(meeting);
    await live(page);
    tabs.push(page);
  }
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  for (const tab of [chair, tabs[0], tabs.at(-1)]) {
    // A tab that has not heard of the start goes to the room's heading when it does.
    await expect(tab.locator(".cr-headings__one--now")).toBeVisible();
    await look(tab, "Meaning");
  }
  const last = tabs.at(-1).getByRole("textbox", { name: /^Ottilie · FS-/ });
  await expect(last).toBeVisible();
  // Their clock stands now: the last tab, which has no stream since a browser has six connections for one address, does
  // not ask when its turn comes, but because it is shown.
  await worker.context().clock.pauseAt(Date.now() + 60_000);
  for (let round = 0; round < 3; round++) {
    await tabs[0].bringToFront();
    await chair.getByRole("textbox", { name: /^Ottilie · FS-/ }).fill(`Round ${round}.`);
    await expect(chair.locator(".cr-identity .cr-state")).toHaveText("Saved");
    expect(await last.inputValue()).not.toBe(`Round ${round}.`);
    await tabs.at(-1).bringToFront();
    await tabs.at(-1).evaluate(() => window.dispatchEvent(new Event("focus")));
    await expect(last).toHaveValue(`Round ${round}.`);
  }
});
