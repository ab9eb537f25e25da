// The last weeks and months of a family, as pictures with their tables.
import { accessible, closeMeeting, expect, finish, proposed, test } from "./caseround.mjs";

test("who was seen when and what was decided stands in pictures and in tables", async ({ server, person }) => {
  const { chair } = await proposed(server, person);
  await chair.getByRole("button", { name: /^Confirm/ }).first().click();
  await finish(chair);
  await closeMeeting(chair);
  await chair.goto(`${server.url}/families`);
  await chair.getByRole("link", { name: "FS-3046" }).click();
  const seen = chair.getByRole("region", { name: "Seen in the last 12 weeks" });
  await expect(seen.locator("svg")).toHaveCount(3);
  await seen.getByText("The days").click();
  await expect(seen.getByRole("row", { name: /^Ottilie/ })).toContainText("23 Sep; 18 Oct");
  const year = chair.getByRole("region", { name: "The last 12 months", exact: true });
  await year.getByText("As a table").click();
  await expect(year.getByRole("row", { name: /^November 2026/ })).toContainText("discussed once, decided for 3 children; longest unseen 37 days");
  await accessible(chair, "a family with its pictures");
  await chair.setViewportSize({ width: 320, height: 640 });
  expect(await chair.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
});
