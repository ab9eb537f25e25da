// A session that ends, and signing out, while words are not shared yet.
import { KEPT, OFFLINE, PASSWORD, WORKER, accessible, analysisOf, begun, boxOf, cutWrites, expect, live, look, saved, signOut, test } from "./caseround.mjs";

test("a session that ends in the middle of a sentence loses none of it", async ({ server, person }) => {
  const { chair, worker, meeting } = await begun(server, person, { worker: OFFLINE });
  await look(worker, "Views");
  await analysisOf(worker).fill("Before. ");
  await expect(saved(worker)).toHaveText("Saved");
  const cookies = await worker.context().cookies();
  await worker.context().clearCookies();
  await analysisOf(worker).press("End");
  await analysisOf(worker).pressSequentially("After the session had ended.", { delay: 10 });
  await expect(saved(worker)).toHaveText(KEPT, { timeout: 5_000 });
  // The same worker signs in again in this tab.
  await worker.goto(`${server.url}/sign-in`);
  await worker.getByLabel("E-mail").fill(WORKER);
  await worker.getByLabel("Password").fill(PASSWORD);
  await worker.getByRole("button", { name: "Sign in", exact: true }).click();
  await worker.waitForURL(/meetings$/);
  await worker.goto(meeting);
  await look(worker, "Views");
  await expect(analysisOf(worker)).toHaveValue("Before. After the session had ended.", { timeout: 15_000 });
  await look(chair, "Views");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Before. After the session had ended.");
  expect(cookies.length).toBeGreaterThan(0);
});

test("signing out with words not yet shared asks, and the content leaves every open page", async ({ server, person }) => {
  const { worker } = await begun(server, person, { worker: OFFLINE });
  const second = await worker.context().newPage();
  await second.goto(worker.url());
  await live(second);
  await cutWrites(worker);
  await look(worker, "Views");
  await analysisOf(worker).fill("Not shared.");
  await expect(saved(worker)).toHaveText(KEPT, { timeout: 4_000 });
  await signOut(worker);
  const ask = worker.getByRole("alertdialog");
  await expect(ask).toContainText("not yet shared");
  await ask.getByRole("button", { name: "Stay" }).click();
  await expect(ask).toHaveCount(0);
  await signOut(worker);
  await ask.getByRole("button", { name: /Keep it here/ }).click();
  await expect(worker.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(second.locator(".cr-banner")).toContainText("You are signed out", { timeout: 15_000 });
  await expect(second.locator("body")).not.toContainText("Ottilie");
});

test("signing out on another page asks too: stay, keep or discard", async ({ server, person }) => {
  const { worker, meeting } = await begun(server, person, { worker: OFFLINE });
  await cutWrites(worker);
  await look(worker, "Views");
  await analysisOf(worker).pressSequentially("Still on this device", { delay: 10 });
  await expect(saved(worker)).toHaveText(KEPT, { timeout: 4_000 });
  await worker.goto(`${server.url}/families`);
  const dialog = worker.getByRole("dialog", { name: "Words not yet shared" });
  const button = worker.getByRole("button", { name: "Sign out", exact: true });
  await signOut(worker);
  await expect(dialog).toBeVisible();
  await accessible(worker, "signing out on another page");
  await expect(dialog.getByRole("link", { name: /Open that meeting/ })).toHaveAttribute("href", new URL(meeting).pathname);
  await dialog.getByRole("button", { name: "Stay" }).click();
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
  await signOut(worker);
  await dialog.getByRole("button", { name: "Keep it here" }).click();
  await worker.waitForURL(/\/sign-in/);
  const signIn = async () => {
    await worker.goto(`${server.url}/sign-in`);
    await worker.getByLabel("E-mail").fill(WORKER);
    await worker.getByLabel("Password").fill(PASSWORD);
    await worker.getByRole("button", { name: "Sign in", exact: true }).click();
    await worker.waitForURL(/\/meetings$/);
  };
  await signIn();
  await signOut(worker);
  await dialog.getByRole("button", { name: "Discard it" }).click();
  await worker.waitForURL(/\/sign-in/);
  await signIn();
  // Nothing is left, so nothing is asked.
  await signOut(worker);
  await worker.waitForURL(/\/sign-in/);
});

test("signing out without a connection takes the meeting off the page and happens when it is back", async ({ server, person }) => {
  const { worker } = await begun(server, person, { worker: OFFLINE });
  await look(worker, "Views");
  await analysisOf(worker).fill("Said in confidence.");
  await expect(saved(worker)).toHaveText("Saved");
  await worker.context().setOffline(true);
  await analysisOf(worker).press("End");
  await analysisOf(worker).pressSequentially(" And kept.");
  await signOut(worker);
  await worker.getByRole("button", { name: "Keep it here" }).click();
  await expect(worker.getByRole("alert").filter({ hasText: "no connection to sign out with" })).toBeVisible();
  expect(await worker.content()).not.toContain("Said in confidence");
  await worker.context().setOffline(false);
  await worker.waitForURL(/\/sign-in/);
  await worker.goto(`${server.url}/meetings`);
  await expect(worker).toHaveURL(/\/sign-in/);
});
