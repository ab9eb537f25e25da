// An urgent risk: whom it tells, and that it stays in sight until somebody heard it.
import { PEOPLE, WORKER, accessible, expect, live, meetingMenu, open, plan, test } from "./caseround.mjs";

test("urgent risk says first what it does not do, tells the chair, and says loudly when it is not sent", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER, { expectErrors: ["ERR_", "Failed to"] });
  const meeting = await plan(chair, server, ["FS-3046"]);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await worker.locator(".cr-raise > summary").click();
  await expect(worker.locator(".cr-raise")).toContainText("This does not tell the police or the duty team");
  await expect(worker.getByText("NOT sent: there is no connection")).toBeHidden();
  await worker.context().setOffline(true);
  await expect(worker.getByText("NOT sent: there is no connection")).toBeVisible();
  await worker.context().setOffline(false);
  await expect(worker.getByText("NOT sent: there is no connection")).toBeHidden();
  // The browser thinks it is online, and nothing arrives: it says so, keeps the words, and sends nothing by itself.
  await worker.route("**/api/meeting/act", (route) => route.abort());
  await worker.getByLabel(/What is urgent/).fill("He is at the door");
  await worker.getByRole("button", { name: "Tell the chair" }).click();
  await expect(worker.getByText("NOT sent. Ring now.")).toBeVisible();
  await expect(worker.getByLabel(/What is urgent/)).toHaveValue("He is at the door");
  await worker.unroute("**/api/meeting/act");
  await worker.getByRole("button", { name: "Tell the chair" }).click();
  const told = chair.getByRole("alert").filter({ hasText: "He is at the door" });
  await expect(told).toBeVisible();
  await accessible(chair, "an urgent risk");
  await expect(worker.getByText("The chair has not answered yet")).toBeVisible();
  await chair.getByRole("button", { name: "I have heard this and will act on it" }).click();
  await expect(worker.getByText(/heard by Zara Northlight/)).toBeVisible();
});

test("an urgent risk stays in sight wherever the room is, until somebody says that they heard it", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER);
  const meeting = await plan(chair, server, ["FS-3046", "FS-3040"]);
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).first().click();
  const room = await chair.locator(".cr-identity__family > strong").innerText();
  const other = room === "FS-3046" ? "FS-3040" : "FS-3046";
  await chair.locator(".cr-raise > summary").click();
  await chair.getByLabel(/What is urgent/).fill("He has a knife");
  await chair.getByRole("button", { name: "Tell the chair" }).click();
  const risk = chair.getByRole("alert").filter({ hasText: "He has a knife" });
  await expect(risk).not.toContainText(room);
  // The room goes on with it unheard.
  await chair.locator(".cr-agenda-line a", { hasText: other }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await expect(chair.locator("#next-stage")).toBeVisible();
  await expect(risk).toContainText(`${room}, `);
  await chair.reload();
  await live(chair);
  await expect(risk).toContainText(`${room}, `);
  await meetingMenu(chair);
  await chair.locator(".cr-more--menu").getByRole("link", { name: "Close meeting" }).click();
  await expect(chair.getByRole("group", { name: "Urgent risks" })).toContainText("He has a knife");
  await chair.getByRole("link", { name: "Do not close yet" }).click();
  await live(chair);
  await risk.getByRole("button", { name: "I have heard this and will act on it" }).click();
  await expect(chair.getByText("He has a knife")).toHaveCount(0);
  await chair.locator(".cr-agenda-line a", { hasText: room }).click();
  await expect(chair.getByText(/He has a knife · heard by/)).toBeVisible();
  // Whoever comes late is told that it is now.
  await worker.goto(`${server.url}/meetings`);
  await expect(worker.getByText(/^You are needed .*for FS-30\d\d now/)).toBeVisible();
});

test("what one began to say of a risk stays with its family", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  await plan(chair, server, ["FS-3046", "FS-3040"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).first().click();
  const risk = chair.locator("#risk-what");
  await open(chair.locator(".cr-raise > summary"));
  await risk.fill("He is on his way to them");
  const family = async (reference) => {
    await chair.locator(".cr-agenda-line a", { hasText: reference }).first().click();
    await expect(chair.locator(".cr-identity__family")).toContainText(reference);
  };
  await family("FS-3046");
  await open(chair.locator(".cr-raise > summary"));
  await expect(risk).toHaveValue("");
  await family("FS-3040");
  await open(chair.locator(".cr-raise > summary"));
  await expect(risk).toHaveValue("He is on his way to them");
});
