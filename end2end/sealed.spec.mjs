// What is sealed, and whoever stands out: nothing crosses the wire.
import { PEOPLE, WORKER, accessible, analysisOf, begun, boxOf, expect, live, look, more, openPeople, plan, planWith, test } from "./caseround.mjs";

const SPECIALIST = "nadia.quoin.7008@example.invalid";
const CANARY = "canary of the mine";

/// Everything the server sent to a page, as text: as it is, and whatever in it is base64.
function heard(page) {
  const bodies = [];
  page.on("response", async (response) => bodies.push(await response.text().catch(() => "")));
  page.on("websocket", () => { throw new Error("no sockets"); });
  return async () => {
    const all = [...bodies, await page.content()].join("\n");
    const decoded = [...all.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)].map(([text]) => Buffer.from(text, "base64"));
    const twice = decoded.flatMap((bytes) => [...bytes.toString("latin1").matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)].map(([text]) => Buffer.from(text, "base64")));
    return [all, ...[...decoded, ...twice].map((bytes) => bytes.toString("latin1"))].join("\n");
  };
}

test("a sealed contribution is in no byte for others before the chair reveals it", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER);
  const specialist = await person(SPECIALIST);
  const meeting = await plan(chair, server, ["FS-3046"]);
  // Written before the meeting.
  await worker.goto(meeting);
  await live(worker);
  await look(worker, "Views");
  await worker.getByRole("button", { name: "Hide until the chair reveals it" }).click();
  await look(worker, "Views");
  await expect(worker.locator(".cr-box--mine", { hasText: "My analysis" })).toContainText("only you read it");
  await analysisOf(worker).fill(CANARY);
  await expect(worker.locator(".cr-box--mine", { hasText: "My analysis" }).locator(".cr-state")).toHaveText("Saved");
  const told = heard(chair);
  const toldSpecialist = heard(specialist);
  await specialist.goto(meeting);
  await chair.reload();
  await Promise.all([live(chair), live(specialist)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await analysisOf(worker).press("End");
  await analysisOf(worker).pressSequentially(" and more", { delay: 10 });
  await look(specialist, "Views");
  await expect(boxOf(specialist, "Julian Yardarm")).toContainText("hidden until the chair reveals it");
  for (const format of ["minutes", "files/md", "files/json", "files/html"]) {
    expect(await (await chair.request.get(`${meeting}/${format}`)).text(), format).not.toContain("canary");
  }
  for (const words of [told, toldSpecialist]) expect(await words()).not.toContain("canary");
  await accessible(specialist, "a sealed box");
  await look(chair, "Views");
  await chair.getByRole("button", { name: "Reveal what is hidden (1)" }).click();
  await expect(boxOf(specialist, "Julian Yardarm")).toContainText(`${CANARY} and more`);
  await look(chair, "Views");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText(`${CANARY} and more`);
  expect(await toldSpecialist()).toContain("canary");
});

test("whoever hid their words shows them before the chair does", async ({ server, person }) => {
  const { chair, worker } = await begun(server, person);
  await Promise.all([look(worker, "Views"), look(chair, "Views")]);
  const mine = worker.locator(".cr-box--mine", { hasText: "My analysis" });
  await mine.getByRole("button", { name: "Hide until the chair reveals it" }).click();
  await expect(mine).toContainText("only you read it");
  await analysisOf(worker).fill(CANARY);
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("hidden until the chair reveals it");
  await mine.getByRole("button", { name: "Show it now" }).click();
  await expect(boxOf(chair, "Julian Yardarm")).toContainText(CANARY);
  await expect(mine).toContainText("Everyone who works with this family reads this as you type.");
  await expect(chair.getByRole("button", { name: /^Reveal what is hidden/ })).toHaveCount(0);
});

test("whoever stands out sees nothing of the family until they come back", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  // What a page asks for in the moment its reader steps out is not there for them any more.
  const specialist = await person(SPECIALIST, { expectErrors: ["404 (Not Found)"] });
  const meeting = await plan(chair, server, ["FS-3046"]);
  await specialist.goto(meeting);
  await Promise.all([live(chair), live(specialist)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await chair.getByRole("button", { name: "Everybody is in the room" }).click();
  await openPeople(specialist);
  await specialist.getByText("Nadia Quoin", { exact: true }).first().click();
  await specialist.getByRole("link", { name: "I need to step out" }).click();
  await specialist.getByRole("button", { name: /^Step out ?: FS-/ }).click();
  await expect(specialist.locator(".cr-agenda-line")).toContainText("another family");
  await expect(specialist.locator("body")).not.toContainText("Ottilie");
  await expect(chair.locator(".cr-attendance__row", { hasText: "Nadia Quoin" })).toContainText("stepped out");
  const reply = heard(specialist);
  await look(chair, "Meaning");
  const child = chair.getByRole("textbox", { name: /^Ottilie · FS-/ });
  await child.fill(CANARY);
  await expect(chair.locator(".cr-identity .cr-state")).toHaveText("Saved");
  await specialist.waitForTimeout(500);
  expect(await reply()).not.toContain("canary");
  await accessible(specialist, "stepped out");
  await specialist.getByRole("button", { name: /^Come back to / }).click();
  await look(specialist, "Meaning");
  await expect(specialist.getByRole("textbox", { name: /^Ottilie · FS-/ })).toHaveValue(CANARY);
  await more(chair, "Postpone this family");
  await chair.goto(`${meeting}/minutes`);
  // Who stepped out and why is for whoever signs the record, not for every reader of the minutes.
  await expect(chair.locator(".cr-minutes")).toContainText("Nadia Quoin");
  await expect(chair.locator(".cr-minutes")).not.toContainText("conflict of interest");
});

test("a curious participant gets no byte of another's number before the chair reveals", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER);
  const curious = await person(SPECIALIST);
  const bodies = [];
  curious.on("response", async (response) => bodies.push(await response.text().catch(() => "")));
  await curious.addInitScript(() => {
    window.heard = [];
    const Source = window.EventSource;
    window.EventSource = class extends Source {
      constructor(...args) {
        super(...args);
        this.addEventListener("message", (event) => window.heard.push(event.data));
      }
    };
  });
  const meeting = await planWith(chair, server, ["FS-3046"]);
  await curious.goto(meeting);
  await live(curious);
  await worker.goto(meeting);
  await live(worker);
  // Given before the meeting is open.
  for (const page of [worker, curious]) await look(page, "Scores");
  await worker.locator(".cr-scale").first().getByLabel("One line why").fill("canary of the mine");
  await worker.locator(".cr-scale").first().getByRole("radio", { name: "3", exact: true }).click();
  await expect(worker.getByText("You gave 3.")).toBeVisible();
  await chair.goto(meeting);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await look(curious, "Scores");
  await expect(curious.getByText(/, 1 some of them/)).toBeVisible();
  await curious.reload();
  await live(curious);
  await look(curious, "Scores");
  const got = async () => {
    const all = [...bodies, ...(await curious.evaluate(() => window.heard)), await curious.content()].join("\n");
    return [all, ...[...all.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)].map(([text]) => Buffer.from(text, "base64").toString("latin1"))].join("\n");
  };
  expect(await got()).not.toContain("canary");
  await look(chair, "Scores");
  await chair.getByRole("button", { name: "Reveal the numbers" }).click();
  await expect(curious.getByText("canary of the mine")).toBeVisible();
});
