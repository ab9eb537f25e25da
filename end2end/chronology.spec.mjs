// What the case system tells of a family's children.
import { PEOPLE, expect, test } from "./caseround.mjs";

test("a chronology shows what is significant, by child and by kind, also without scripts", async ({ server, person }) => {
  for (const options of [{}, { javaScriptEnabled: false }]) {
    const chair = await person(PEOPLE.chair, options);
    await chair.goto(`${server.url}/families`);
    await chair.getByRole("link", { name: "FS-3046" }).click();
    await chair.getByRole("link", { name: "Chronology" }).click();
    const lines = chair.locator(".cr-chronology__line");
    await expect(lines).toHaveCount(4);
    await expect(lines.last()).toContainText("Referral, all children");
    await expect(lines.last()).toContainText("From the police");
    await expect(chair.getByText("4 entries; 4 not shown.")).toBeVisible();
    await chair.getByLabel("What").selectOption({ label: "Everything" });
    await chair.getByRole("button", { name: "Show" }).click();
    await expect(lines).toHaveCount(8);
    await expect(chair.getByLabel("What")).toHaveValue("all");
    await chair.getByLabel("Child").selectOption({ label: "Juno" });
    await chair.getByLabel("What").selectOption({ label: "Child in need plan" });
    await chair.getByRole("button", { name: "Show" }).click();
    await expect(lines).toHaveText([/20 Mar\s*Child in need plan, Juno/]);
    await chair.goBack();
    await expect(lines).toHaveCount(8);
  }
});
