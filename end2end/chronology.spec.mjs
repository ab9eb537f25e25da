// What happened to a family’s children: what the case system tells, what workers write.
import { PEOPLE, WORKER, accessible, expect, test } from "./caseround.mjs";

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

test("what a worker writes down stands in the chronology, is changed and taken out", async ({ server, person }) => {
  const worker = await person(WORKER);
  await worker.goto(`${server.url}/families`);
  await worker.getByRole("link", { name: "FS-3046" }).click();
  await worker.getByRole("link", { name: "Chronology" }).click();
  await worker.getByRole("link", { name: "Write down what happened" }).click();
  await worker.getByLabel("What happened", { exact: true }).fill("He came to the door.\nNobody opened.");
  await worker.getByRole("button", { name: "Save" }).click();
  await expect(worker.getByRole("alert")).toContainText("The day");
  await expect(worker.getByRole("alert")).toContainText("Choose the children");
  await expect(worker.getByLabel("What happened", { exact: true })).toHaveValue("He came to the door.\nNobody opened.");
  await expect(worker.getByLabel(/It is significant/)).toBeChecked();
  await accessible(worker, "the form of what happened");
  await worker.setViewportSize({ width: 320, height: 640 });
  expect(await worker.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await worker.getByLabel("The day").fill("3/11/2026");
  await worker.getByLabel("Juno").check();
  await worker.getByRole("button", { name: "Save" }).click();
  const line = worker.locator(".cr-chronology__line", { hasText: "He came to the door." });
  await expect(line).toContainText("Significant event, Juno");
  expect(await line.locator(".cr-plain").innerText()).toBe("He came to the door.\nNobody opened.\nWritten down by Julian Yardarm");
  await accessible(worker, "the chronology with a note");
  await worker.getByRole("link", { name: /Change what happened/ }).click();
  await worker.getByLabel(/It is significant/).uncheck();
  await worker.getByRole("button", { name: "Save" }).click();
  await expect(line).toHaveCount(0);
  await worker.getByLabel("What", { exact: true }).selectOption({ label: "Note" });
  await worker.getByRole("button", { name: "Show" }).click();
  await expect(line).toContainText("Note, Juno");
  await worker.getByRole("link", { name: /Change what happened/ }).click();
  await worker.getByRole("button", { name: "Take it out of the chronology" }).click();
  await worker.getByRole("button", { name: "Undo" }).click();
  await expect(worker.getByText("It is there again.")).toBeVisible();
});
