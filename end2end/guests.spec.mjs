// A guest from outside: a code, one family's discussion while it lasts, and nothing of any other.
import { PEOPLE, accessible, analysisOf, boxOf, closeMeeting, expect, finish, live, look, meetingMenu, plan, saved, test, toFamily } from "./caseround.mjs";

/// The chair invites somebody on the page of the meeting's guests, and reads the code.
async function invite(chair, family, { name, email }) {
  await chair.getByLabel("Family").selectOption({ label: family });
  await chair.getByLabel("Name", { exact: true }).fill(name);
  await chair.getByLabel("Role and organisation").fill("School nurse, Hillside School");
  await chair.getByLabel("E-mail address").fill(email);
  await chair.getByLabel("Why they are needed").fill("sees the children every week");
  await chair.getByRole("button", { name: "Invite and show the code" }).click();
  return (await chair.locator(".cr-once").textContent()).trim();
}

const PAT = { name: "Pat Hedgerow", email: "pat@hillside.example" };

test("a guest from outside takes part in one family's discussion and sees no other", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const meeting = await plan(chair, server, ["FS-3046", "FS-3004"]);
  await live(chair);
  await meetingMenu(chair);
  await chair.getByRole("link", { name: "Guests from outside" }).click();
  await accessible(chair, "guests from outside");
  await chair.getByRole("button", { name: "Invite and show the code" }).click();
  await expect(chair.locator(".govuk-error-summary")).toContainText("Choose the family");
  const code = await invite(chair, "FS-3046", PAT);
  expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  await accessible(chair, "a guest's code");
  await chair.reload();
  await expect(chair.locator(".cr-once"), "it is shown once").toHaveCount(0);
  await expect(chair.getByText("They have not signed in.")).toBeVisible();

  const guest = await person(PAT.email, { password: code.toLowerCase(), expectErrors: ["404"] });
  await expect(guest.getByText("You are needed for FS-3046")).toBeVisible();
  await expect(guest.locator(".cr-header").getByRole("link", { name: "Families" })).toHaveCount(0);
  await accessible(guest, "a guest's list of meetings");
  await guest.getByRole("button", { name: "Go to the meeting" }).click();
  await live(guest);
  await expect(guest.getByText("You are invited for one family of this meeting.")).toBeVisible();
  await accessible(guest, "a guest's page before their family");

  await chair.goto(meeting);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await toFamily(chair, "FS-3004");
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await expect(guest.getByText(/The room is at another family\. You are needed at about/)).toBeVisible();
  await expect(guest.locator("body")).not.toContainText("FS-3");
  await finish(chair);
  await toFamily(chair, "FS-3046");
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await expect(guest.locator(".cr-scene__heading"), "it opens by itself").toBeVisible();
  await look(guest, "Views");
  await analysisOf(guest).fill("She is weighed every Friday.");
  await expect(saved(guest)).toHaveText("Saved");
  const other = (await chair.locator(".cr-agenda-line a", { hasText: "FS-3004" }).getAttribute("href")).match(/slot=([0-9a-f-]+)/)[1];
  // The next family: its place in the address, its discussion by hand, its workbook, another family by a reason.
  const asked = await guest.evaluate(async ([meeting, slot]) => {
    const status = async (path) => (await fetch(path)).status;
    return [await status(`${meeting}/discussions/${slot}`), await status("/families/open?reference=FS-3004"), await (await fetch(`${meeting}?slot=${slot}`)).text()];
  }, [new URL(meeting).pathname, other]);
  expect(asked.slice(0, 2)).toEqual([404, 404]);
  expect(asked[2]).not.toContain("FS-3004");

  await finish(chair);
  await expect(guest.getByText("The discussion you were invited for is over.")).toBeVisible();
  await expect(guest.locator("body")).not.toContainText("FS-3046");
  await guest.getByRole("link", { name: "Your own words and steps" }).click();
  await expect(guest.getByText("She is weighed every Friday.")).toBeVisible();
  await expect(guest.locator("body")).not.toContainText("FS-3004");
  await accessible(guest, "what is left to a guest");

  // The record names them, with why.
  await chair.goto(`${meeting}/minutes`);
  await expect(chair.locator(".cr-minutes")).toContainText("Pat Hedgerow, School nurse, Hillside School");
  await chair.goto(meeting);
  await live(chair);
  await closeMeeting(chair);
});

test("an invitation is taken back, and a new code signs the guest out", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const meeting = await plan(chair, server, ["FS-3046", "FS-3004"]);
  await chair.goto(`${meeting}/guests`);
  const code = await invite(chair, "FS-3046", PAT);
  const guest = await person(PAT.email, { password: code, expectErrors: ["401", "404"] });
  await guest.goto(meeting);
  await live(guest);
  await chair.reload();
  await expect(chair.getByText(/Signed in, last seen/)).toBeVisible();
  await chair.getByRole("button", { name: "Make a new code: Pat Hedgerow" }).click();
  await expect(chair.locator(".cr-once")).toBeVisible();
  await guest.reload();
  await expect(guest).toHaveURL(/\/sign-in/);
  await chair.getByRole("button", { name: "Take the invitation back: Pat Hedgerow" }).click();
  await expect(chair.locator(".cr-saved")).toContainText("taken back");
  await expect(chair.getByText("Pat Hedgerow")).toHaveCount(0);
});

test("a guest takes part with scripts off, on a small screen", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const meeting = await plan(chair, server, ["FS-3046", "FS-3004"]);
  await chair.goto(`${meeting}/guests`);
  const code = await invite(chair, "FS-3046", PAT);
  const guest = await person(PAT.email, { password: code, javaScriptEnabled: false, viewport: { width: 320, height: 800 }, expectErrors: ["was preloaded"] });
  await guest.getByRole("button", { name: "Go to the meeting" }).click();
  await expect(guest.getByText("You are invited for one family of this meeting.")).toBeVisible();
  await chair.goto(meeting);
  await live(chair);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await toFamily(chair, "FS-3046");
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await look(chair, "Views");
  await guest.reload();
  await look(guest, "Views");
  await analysisOf(guest).fill("She is weighed every Friday.");
  await guest.locator(".cr-box", { has: analysisOf(guest) }).getByRole("button", { name: "Save", exact: true }).click();
  await expect(analysisOf(guest)).toHaveValue("She is weighed every Friday.");
  const wide = await guest.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide, "nothing stands out of the page").toBeLessThanOrEqual(0);
  await expect(boxOf(chair, PAT.name)).toContainText("She is weighed every Friday.");
  await finish(chair);
  await guest.goto(meeting);
  await expect(guest.getByText("The discussion you were invited for is over.")).toBeVisible();
  await guest.getByRole("link", { name: "Your own words and steps" }).click();
  await expect(guest.getByText("She is weighed every Friday.")).toBeVisible();
});
