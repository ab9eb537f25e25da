// A database that is away while people write.
import { analysisOf, begun, boxOf, expect, look, startServer, test as base } from "./caseround.mjs";
import { startPostgres } from "./postgres.mjs";

const test = base.extend({
  postgres: async ({}, use) => {
    const postgres = await startPostgres();
    await use(postgres);
    await postgres.stop();
  },
  server: async ({ postgres }, use) => {
    const server = await startServer({ database: postgres.address });
    await use(server);
    await server.stop();
    server.remove();
  },
});

/// How long it is away, in milliseconds.
const AWAY = process.env.LONG ? 60_000 : 8_000;

test("PostgreSQL is away while people type: what they write is kept, and shared when it is back", async ({ server, person, postgres }) => {
  test.setTimeout(240_000);
  const { chair, worker } = await begun(server, person, { both: { expectErrors: ["ERR_", "Failed to", "503"] } });
  await look(worker, "Views");
  await look(chair, "Views");
  await analysisOf(worker).pressSequentially("Before. ");
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Before.");
  // An answer is there within five seconds, and the page keeps the words.
  const refused = worker.waitForResponse((answer) => answer.url().includes("/api/meeting/typed") && answer.status() === 503);
  postgres.away();
  try {
    const began = Date.now();
    await analysisOf(worker).pressSequentially("While it was away. ");
    await refused;
    console.log(`the first answer without a database came after ${Date.now() - began} ms`);
    await expect(worker.getByText("Kept on this device, not yet shared").first()).toBeVisible();
    await worker.waitForTimeout(Math.max(0, AWAY - (Date.now() - began)));
    await analysisOf(worker).pressSequentially("Still away. ");
    await expect(analysisOf(worker)).toHaveValue("Before. While it was away. Still away. ");
  } finally {
    postgres.back();
  }
  await expect(boxOf(chair, "Julian Yardarm")).toContainText("Before. While it was away. Still away.", { timeout: 30_000 });
  await expect(worker.locator(".cr-box--mine", { hasText: "My analysis" }).locator(".cr-state")).toHaveText("Saved");
  await expect(chair.locator(".cr-banner")).toHaveCount(0);
});
