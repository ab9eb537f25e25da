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
  await chair.getByRole("button", { name: "Start", exact: true }).click();
  await Promise.all([look(chair, "Meaning"), look(worker, "Meaning")]);
  const [a, b] = [chair, worker].map((page) => page.getByRole("textbox", { name: "Ottilie", exact: true }));
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
  const tabs = [];
  for (let tab = 0; tab < 5; tab++) {
    const page = await worker.context().newPage();
    await page.goto(meeting);
    await live(page);
    tabs.push(page);
  }
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start", exact: true }).click();
  for (const tab of [chair, tabs[0], tabs.at(-1)]) {
    // A tab that has not heard of the start goes to the room's heading when it does.
    await expect(tab.locator(".cr-headings__one--now")).toBeVisible();
    await look(tab, "Meaning");
  }
  const last = tabs.at(-1).getByRole("textbox", { name: "Ottilie", exact: true });
  await expect(last).toBeVisible();
  for (let round = 0; round < 3; round++) {
    await tabs[0].bringToFront();
    await chair.getByRole("textbox", { name: "Ottilie", exact: true }).fill(`Round ${round}.`);
    await expect(tabs[0].getByRole("textbox", { name: "Ottilie", exact: true })).toHaveValue(`Round ${round}.`);
    // A tab without a stream asks when it is shown, and not only at its next turn.
    const asked = tabs.at(-1).waitForRequest((request) => request.url().includes("/poll"), { timeout: 1000 }).catch(() => null);
    await tabs.at(-1).bringToFront();
    await tabs.at(-1).evaluate(() => window.dispatchEvent(new Event("focus")));
    await asked;
    await expect(last).toHaveValue(`Round ${round}.`, { timeout: 1000 });
  }
});
