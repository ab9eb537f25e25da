// Cookies that were copied, made up or set beforehand.
import { PASSWORD, PEOPLE, WORKER, begun, expect, look, test } from "../caseround.mjs";
import { SESSION, opens, post, request, sessionOf, signIn } from "./request.mjs";

test("a session that was copied ends with its person's", async ({ server }) => {
  const mine = await signIn(server, PEOPLE.chair);
  expect(await opens(server, mine)).toBe(true);
  expect((await post(server, "/api/sign-out", {}, { cookie: mine })).status).toBe(302);
  expect(await opens(server, mine), "after signing out").toBe(false);

  const [here, stolen] = [await signIn(server, WORKER), await signIn(server, WORKER)];
  const fresh = "slate harbour lantern 47";
  const changed = await post(server, "/api/account/password", { old: PASSWORD, new: fresh }, { cookie: here });
  expect(changed.headers.location, changed.text.slice(0, 300)).toMatch(/^\/me/);
  expect(await opens(server, stolen), "after a new password").toBe(false);
});

test("a session that somebody made up or changed opens nothing", async ({ server }) => {
  const session = await signIn(server, PEOPLE.chair);
  const turned = session.slice(0, -1) + (session.endsWith("a") ? "b" : "a");
  for (const made of ["", "x", turned, session.slice(1), session.toUpperCase() === session ? session.toLowerCase() : session.toUpperCase(), `${session}0`, "' OR 1=1 --", "00000000-0000-0000-0000-000000000000", "%00", "a".repeat(5000)]) {
    const answer = await request(server, "/meetings", { cookie: made });
    expect([303, 400, 431], `${made.slice(0, 40)}: ${answer.status}`).toContain(answer.status);
  }
  // The first of two counts, whichever path or name another site gave the second.
  const two = await request(server, "/meetings", { headers: { cookie: `${SESSION}x=${session}; x${SESSION}=${session}` } });
  expect(two.status).toBe(303);
  expect(await opens(server, session)).toBe(true);
});

test("whoever sets a cookie before somebody signs in does not share their session", async ({ server }) => {
  const planted = await signIn(server, WORKER);
  const answer = await post(server, "/api/sign-in", { email: PEOPLE.chair, password: PASSWORD }, { cookie: planted });
  const session = sessionOf(answer);
  expect(session).not.toBe(planted);
  const page = await request(server, "/me", { cookie: session });
  expect(page.text).toContain("Zara Northlight");
  expect((await request(server, "/me", { cookie: planted })).text).not.toContain("Zara Northlight");
  const own = sessionOf(await post(server, "/api/sign-in", { email: PEOPLE.chair, password: PASSWORD }, { cookie: "of-my-choice" }));
  expect(own).not.toBe("of-my-choice");
  expect(await opens(server, "of-my-choice")).toBe(false);
  const [cookie] = [answer.headers["set-cookie"]].flat().filter((cookie) => cookie.startsWith(`${SESSION}=`));
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Lax/);
  expect(cookie).toMatch(/Path=\//);
  expect(cookie, "for this host alone").not.toMatch(/Domain=/i);
});

test("a press that is sent again does nothing again", async ({ server, person }) => {
  const { chair, meeting } = await begun(server, person);
  const cookie = (await chair.context().cookies()).find(({ name }) => name === SESSION).value;
  const id = meeting.split("/").pop();
  const slot = await chair.locator('[name="form[slot]"]').first().inputValue();
  const body = { "form[meeting]": id, "form[command]": crypto.randomUUID(), "form[slot]": slot, "form[act]": "add_step", "form[what]": "Ring the school once", "form[due]": "8/12/2026" };
  for (let times = 0; times < 5; times++) await post(server, "/api/meeting/act", body, { cookie });
  await look(chair, "Decide");
  await expect(chair.locator(".cr-next-steps__step"), "one step").toHaveCount(1);
  // Sent as a script does, its id says which press it was, whatever stands in it.
  for (const what of ["See Ottilie alone", "Other words under the same id"]) {
    await post(server, "/api/meeting/act", { ...body, "form[what]": what }, { cookie, headers: { accept: "application/json" } });
  }
  await chair.reload();
  await look(chair, "Decide");
  await expect(chair.locator(".cr-next-steps__step")).toContainText(["Ring the school once", "See Ottilie alone"]);
});
