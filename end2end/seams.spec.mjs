// Whatever happens in the room while somebody types, chooses or reads a menu: no letter, focus, caret, choice or place is
// lost. SEEDS says how many runs, FIRST which is the first.
import { PEOPLE, analysisOf, expect, live, look, numbers, open, openPeople, plan, scene, test } from "./caseround.mjs";

const SEEDS = Number(process.env.SEEDS ?? 20);
const FIRST = Number(process.env.FIRST ?? 1);
const WORKER = "julian.yardarm.7002@example.invalid";

/// What somebody has in their hands: the field with its words, caret and place, what is chosen, which menu is open.
const hands = (page) =>
  page.evaluate(() => {
    const field = document.activeElement;
    return {
      focus: field.id || field.name || field.tagName,
      words: field.value ?? "",
      caret: field.tagName === "TEXTAREA" || field.type === "text" ? field.selectionStart : 0,
      top: Math.round(field.getBoundingClientRect().top),
      menus: document.querySelectorAll(".cr-meeting details.cr-more[open]").length,
    };
  });

/// A meeting of its own for so many runs: what they leave behind does not pile up.
const TOGETHER = 20;
for (let first = FIRST; first < FIRST + SEEDS; first += TOGETHER) {
  const last = Math.min(first + TOGETHER, FIRST + SEEDS) - 1;
  test(`while others act, whoever types, chooses or reads a menu loses nothing: seeds ${first} to ${last}`, async ({ server, person }) => {
    // Half a minute for each: on a machine with much other work they take a third of that.
    test.setTimeout((last - first + 1) * 30_000);
    await runs(server, person, first, last);
  });
}

test("what comes in twice before a frame is drawn leaves the field in its place", async ({ server, person }) => {
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER);
  const meeting = await plan(chair, server, ["FS-3046"]);
  // Frames are drawn when the test says so, as on a machine that is busy.
  await worker.addInitScript(() => {
    const drawn = window.requestAnimationFrame.bind(window);
    const held = [];
    window.holdFrames = false;
    window.requestAnimationFrame = (work) => (window.holdFrames ? held.push(work) : drawn(work));
    window.drawHeld = () => new Promise((done) => drawn((time) => { held.splice(0).forEach((work) => work(time)); done(); }));
  });
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await expect(worker.locator(".cr-headings__one--now")).toBeVisible();
  await look(worker, "Meaning");
  await scene(worker).getByRole("textbox").first().click();
  const before = await hands(worker);
  await worker.evaluate(() => { window.holdFrames = true; });
  for (const what of ["He is at the door", "She does not answer"]) {
    await open(chair.locator(".cr-raise > summary"));
    await chair.locator("#risk-what").fill(what);
    await chair.locator(".cr-raise").getByRole("button", { name: "Tell the chair" }).click();
    await expect(worker.getByRole("alert").filter({ hasText: what })).toBeVisible();
  }
  await worker.evaluate(() => window.drawHeld());
  expect(await hands(worker)).toEqual(before);
});

async function runs(server, person, first, last) {
  const chair = await person(PEOPLE.chair);
  const worker = await person(WORKER);
  const meeting = await plan(chair, server, ["FS-3046"]);
  await worker.addInitScript(() => {
    window.framesHeard = 0;
    const Plain = EventSource;
    window.EventSource = class extends Plain {
      constructor(...args) {
        super(...args);
        this.addEventListener("message", () => window.framesHeard++);
      }
    };
  });
  await worker.goto(meeting);
  await Promise.all([live(chair), live(worker)]);
  await chair.getByRole("button", { name: "Open meeting" }).click();
  await chair.getByRole("button", { name: "Start this family", exact: true }).click();
  await expect(worker.locator(".cr-headings__one--now")).toBeVisible();
  const id = new URL(meeting).pathname.split("/")[2];
  const slot = await chair.locator("input[name='form[slot]']").first().getAttribute("value");
  const workers = await chair.evaluate(() => [...document.querySelectorAll("input[name='form[worker]']")].map((input) => input.value));
  let presses = 0;
  const refusals = [];
  // Presses as the chair's page would; what is taken is waited for until the worker's page has heard of it.
  const press = async (fields) => {
    presses++;
    const before = await worker.evaluate(() => window.framesHeard);
    const refused = await chair.evaluate(async ([id, slot, fields]) => {
      const body = new URLSearchParams({ "form[meeting]": id, "form[slot]": slot, "form[command]": crypto.randomUUID() });
      for (const [name, value] of Object.entries(fields)) body.set(`form[${name}]`, value);
      const answer = await fetch("/api/meeting/act", { method: "POST", body, redirect: "manual" });
      return answer.ok ? (await answer.json()).refused : answer.status;
    }, [id, slot, fields]);
    if (refused) refusals.push(`${fields.act}: ${refused}`);
    else await worker.waitForFunction((before) => window.framesHeard > before, before);
    // What comes in above a field is made up for in the next frame, before anybody sees it.
    await worker.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  };
  // What the chair sees of the room: some acts say it.
  const room = { stage: "0", question: "", day: "", paused: false };
  const turn = async (stage) => {
    await press({ act: "stage", stage, seen: room.stage });
    room.stage = stage;
  };
  const others = (random, at) => {
    const any = (list) => list[Math.floor(random() * list.length)];
    return any([
      { act: "stage", stage: any(["0", "1", "2", "3"].filter((stage) => stage !== room.stage)), seen: room.stage },
      { act: "attend", worker: any(workers), how: any(["room", "call", "sent_words", "apologies", "left"]) },
      { act: "everybody_here" },
      { act: "ask_question", what: `What would make a morning calm, ${at}?`, seen: room.question },
      { act: "add_step", what: `Step ${at}` },
      { act: room.paused ? "resume" : "pause" },
      { act: "agree_next_date", due: any(["4w", "5w", "6w"]), seen: room.day },
      { act: "raise_risk", what: `He is at the door, ${at}` },
      { act: "call_break", minutes: "5" },
    ]);
  };
  const acted = async (act) => {
    await press(act);
    if (act.act === "stage") room.stage = act.stage;
    if (act.act === "ask_question") room.question = act.what;
    if (act.act === "agree_next_date") room.day = act.due;
    if (act.act === "pause" || act.act === "resume") room.paused = act.act === "pause";
    // A break is over as soon as the room goes on.
    if (act.act === "call_break") await press({ act: "end_break" });
  };

  for (let seed = first; seed <= last; seed++) {
    const random = numbers(seed);
    const told = [];
    const step = async (what, work) => { told.push(what); await work(); };
    const heading = ["Views", "Meaning", "Decide"][Math.floor(random() * 3)];
    await look(worker, heading);
    const field =
      heading === "Views" ? analysisOf(worker) : heading === "Meaning" ? scene(worker).getByRole("textbox").first() : worker.locator(".cr-add-step").getByLabel("What", { exact: true });
    await field.click();
    await field.fill("");
    let typed = "";
    for (let at = 0; at < 24; at++) {
      const what = random();
      if (what < 0.45) {
        const letter = "abcdefghij klmn"[Math.floor(random() * 15)];
        typed += letter;
        await step(`types ${letter}`, () => worker.keyboard.type(letter));
      } else if (what < 0.85) {
        const act = others(random, at);
        const before = await hands(worker);
        await step(JSON.stringify(act), () => acted(act));
        expect(await hands(worker), `seed ${seed}: ${told.join("; ")}`).toEqual(before);
      } else if (what < 0.95) {
        await step("reads the list of people", async () => {
          await openPeople(worker);
          const act = others(random, at);
          told.push(JSON.stringify(act));
          await acted(act);
          expect((await hands(worker)).menus, `seed ${seed}, the menu stays: ${told.join("; ")}`).toBe(1);
          await worker.keyboard.press("Escape");
          await look(worker, heading);
          await field.focus();
          await field.evaluate((element) => element.setSelectionRange(element.value.length, element.value.length));
        });
      } else {
        await step("moves the caret away and back", async () => {
          await worker.keyboard.press("ArrowLeft");
          await worker.keyboard.press("ArrowRight");
        });
      }
    }
    await expect(field, `seed ${seed}: ${told.join("; ")}`).toHaveValue(typed);
    if (heading === "Decide") {
      // A choice half made stays too.
      const who = worker.locator(".cr-add-step").getByLabel("Who", { exact: true });
      await who.selectOption({ label: "Nadia Quoin" });
      await press({ act: "add_step", what: "Another’s step" });
      await turn(room.stage === "1" ? "2" : "1");
      await expect(who.locator("option:checked"), `seed ${seed}`).toHaveText("Nadia Quoin");
      await expect(field).toHaveValue(typed);
      await field.fill("");
      await who.selectOption("");
    } else {
      await expect(worker.locator(".cr-identity .cr-state")).toHaveText("Saved");
      await field.fill("");
    }
    await field.blur();
  }
  expect(refusals, `${refusals.length} of ${presses} presses`).toEqual([]);
}
