// The second factor: set up, asked for at the door, and a lost phone.
import { createHmac } from "node:crypto";
import { PASSWORD, PEOPLE, accessible, expect, test } from "./caseround.mjs";

const SPECIALIST = "nadia.quoin.7008@example.invalid";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What an authenticator app shows for a key at a time (RFC 6238: SHA-1, six digits, 30 seconds).
function shown(key, seconds) {
  const bits = [...key.replaceAll(" ", "")].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const digest = createHmac("sha1", secret).update(counter).digest();
  const at = digest.at(-1) & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("with a second factor a password alone opens nothing, and a lost phone is no end", async ({ server, person }) => {
  // The server's clock began when it started.
  const began = Date.now();
  const now = () => Date.parse("2026-11-24T09:25:00Z") / 1000 + (Date.now() - began) / 1000;
  const nadia = await person(SPECIALIST);
  await nadia.goto(`${server.url}/me`);
  await nadia.getByRole("link", { name: "Second factor" }).click();
  await accessible(nadia, "setting up a second factor");
  const key = await nadia.locator(".cr-key").textContent();
  await nadia.getByLabel("Code").fill("000000");
  await nadia.getByLabel("Your password").fill(PASSWORD);
  await nadia.getByRole("button", { name: "Set up" }).click();
  await expect(nadia.getByRole("alert")).toContainText("This code is not right");
  expect(await nadia.locator(".cr-key").textContent(), "the phone has this key already").toBe(key);
  await nadia.getByLabel("Code").fill(shown(key, now()));
  await nadia.getByLabel("Your password").fill(PASSWORD);
  await nadia.getByRole("button", { name: "Set up" }).click();
  await expect(nadia.locator(".cr-saved")).toContainText("Your second factor is set up.");
  await nadia.getByLabel("Your password").fill(PASSWORD);
  await nadia.getByRole("button", { name: "Make recovery codes" }).click();
  const codes = (await nadia.locator(".cr-once").textContent()).trim().split("\n");
  expect(codes).toHaveLength(10);
  await accessible(nadia, "recovery codes");
  await nadia.reload();
  await expect(nadia.locator(".cr-once")).toHaveCount(0);
  await expect(nadia.getByText("You have 10 recovery codes left.")).toBeVisible();

  const signOut = async () => {
    await nadia.locator("header .cr-menu > summary").click();
    await nadia.getByRole("button", { name: "Sign out" }).click();
    await nadia.waitForURL(/sign-in/);
  };
  const password = async () => {
    await nadia.getByLabel("E-mail").fill(SPECIALIST);
    await nadia.getByLabel("Password").fill(PASSWORD);
    await nadia.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(nadia.getByRole("heading", { name: "Second factor" })).toBeVisible();
  };
  await signOut();
  await nadia.goto(`${server.url}/families`);
  await password();
  await accessible(nadia, "the second factor at the door");
  // Half signed in is not signed in.
  expect((await nadia.request.get(`${server.url}/families`)).status()).toBe(401);
  await nadia.getByLabel("Code").fill(shown(key, now() + 30));
  await nadia.getByRole("button", { name: "Sign in" }).click();
  await expect(nadia.getByRole("heading", { name: "Families", level: 1 }), "where they were going").toBeVisible();

  await signOut();
  await password();
  await nadia.getByLabel("Code").fill(codes[0]);
  await nadia.getByRole("button", { name: "Sign in" }).click();
  await expect(nadia.getByRole("heading", { name: "Meetings", level: 1 })).toBeVisible();

  // Without phone and codes the manager helps.
  const manager = await person(PEOPLE.chair);
  await manager.goto(`${server.url}/workers`);
  await manager.getByRole("link", { name: "Nadia Quoin" }).click();
  await manager.getByRole("button", { name: "Remove their second factor" }).click();
  await expect(manager.locator(".cr-saved")).toContainText("Their second factor is removed");
  await nadia.goto(`${server.url}/sign-in`);
  await nadia.getByLabel("E-mail").fill(SPECIALIST);
  await nadia.getByLabel("Password").fill(PASSWORD);
  await nadia.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(nadia.getByRole("heading", { name: "Meetings", level: 1 })).toBeVisible();
});
