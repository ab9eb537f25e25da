// The running note: typed beside the scene, filed for who said it, and told where it is not.
import { PEOPLE, accessible, boxOf, expect, finish, live, look, meetingMenu, open, plan, test } from "./caseround.mjs";

const SPECIALIST = "nadia.quoin.7008@example.invalid";

test("a running note by key is filed into the speaker's box in two presses", async ({ server, person }) => {
  const taker = await person(PEOPLE.recordTaker);
  const chair = await person(PEOPLE.chair);
  const meeting = await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await taker.goto(`${meeting}/notes`);
  await taker.getByLabel("What was said").fill("nq: HV has seen Ottilie?");
  await taker.getByRole("button", { name: "Note it" }).click();
  await expect(taker.getByText("health visitor has seen Ottilie").first()).toBeVisible();
  await expect(taker.getByRole("heading", { name: "To check later" })).toBeVisible();
  await accessible(taker, "a running note");
  // What is to be checked is no statement yet.
  await expect(taker.getByRole("button", { name: /^File/ })).toHaveCount(0);
  await taker.getByRole("button", { name: /^It is right/ }).first().click();
  await taker.getByRole("button", { name: "File 1 into the speakers’ boxes" }).click();
  await look(chair, "Views");
  await expect(boxOf(chair, "Nadia Quoin")).toContainText("health visitor has seen Ottilie");

  // The same beside the scene, without leaving the heading.
  await taker.goto(meeting);
  await live(taker);
  await taker.getByRole("tab", { name: "Note" }).click();
  const field = taker.getByLabel("What was said");
  await field.pressSequentially("nq: mum feels heard");
  await field.press("Enter");
  await field.pressSequentially("jy: both at breakfast?");
  await field.press("Enter");
  const noted = taker.getByRole("list", { name: "Noted" });
  await expect(noted).toContainText("Nadia Quoin: mum feels heard");
  await expect(noted).toContainText("both at breakfast (to check)");
  await field.fill("xx: nobody has this key");
  await field.press("Enter");
  await expect(taker.getByText(/"xx" are nobody's initials here/)).toBeVisible();
  await expect(field).toHaveValue("xx: nobody has this key");
  await accessible(taker, "the running note beside the scene");
  // What is in the field stays there while one looks at the workbook.
  await taker.getByRole("tab", { name: "Workbook" }).click();
  await taker.getByRole("tab", { name: "Note" }).click();
  await expect(taker.getByLabel("What was said")).toHaveValue("xx: nobody has this key");
  await taker.getByRole("button", { name: "File 1 into the speakers’ boxes" }).click();
  await expect(boxOf(chair, "Nadia Quoin")).toContainText("mum feels heard");
  await expect(noted).not.toContainText("mum feels heard");
  await taker.getByRole("button", { name: /^Remove/ }).click();
  await expect(noted).not.toContainText("both at breakfast");
  await taker.getByText("Line removed.").getByRole("button", { name: "Undo" }).click();
  await expect(noted).toContainText("both at breakfast (to check)");
  await expect(taker.getByText("Line removed.")).toHaveCount(0);
  const worker = await person(SPECIALIST);
  await worker.goto(meeting);
  await live(worker);
  await expect(worker.getByRole("tab", { name: "Note" })).toHaveCount(0);
});

test("lines that are not filed are told before the end and after it, also to whoever has handed on the record", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const taker = await person(PEOPLE.recordTaker);
  const meeting = await plan(chair, server, ["FS-3046"]);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await taker.goto(meeting);
  await live(taker);
  await taker.getByRole("tab", { name: "Note" }).click();
  await taker.getByLabel("What was said").fill("nq: mum feels heard");
  await taker.getByLabel("What was said").press("Enter");
  await expect(taker.getByRole("list", { name: "Noted" })).toContainText("mum feels heard");
  await look(taker, "Decide");
  await expect(taker.getByText("1 line of your running note is not filed in a box.")).toBeVisible();
  await look(chair, "Decide");
  await expect(chair.getByText(/running note/)).toHaveCount(0);
  await taker.goto(`${meeting}/close`);
  await expect(taker.getByText("Your running note holds 1 line about FS-3046")).toBeVisible();
  await chair.goto(`${meeting}/close`);
  await expect(chair.getByText("Damian Anvil’s running note holds 1 line about FS-3046 in no box.")).toBeVisible();
  await chair.goto(meeting);
  await live(chair);
  // Somebody else takes the record: the line stays where its writer finds it.
  const list = chair.getByLabel("Hand record-taking to");
  await meetingMenu(chair);
  await open(chair.locator("summary", { hasText: "Hand over" }));
  await list.selectOption(await list.locator("option", { hasText: "Magnus Jetty" }).getAttribute("value"));
  await chair.locator("form", { has: list }).getByRole("button", { name: "Hand over" }).click();
  await taker.goto(`${meeting}/notes`);
  await expect(taker.getByText("mum feels heard")).toBeVisible();
  await finish(chair);
  await taker.goto(meeting);
  await live(taker);
  await expect(taker.getByText("1 line of your running note is not filed in a box. The chair can reopen the family")).toBeVisible();
  await taker.getByRole("link", { name: "Open your note" }).click();
  await taker.getByRole("button", { name: /^Remove/ }).click();
  await taker.goto(meeting);
  await live(taker);
  await expect(taker.getByText(/running note/)).toHaveCount(0);
});
