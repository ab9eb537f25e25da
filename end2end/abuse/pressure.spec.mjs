// Many, slow and parallel requests: whoever is at work goes on.
import { connect } from "node:net";
import { PASSWORD, PEOPLE, WORKER, expect, test } from "../caseround.mjs";
import { opens, post, request, sessionOf, signIn } from "./request.mjs";

const middle = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
const timed = async (press) => {
  const began = performance.now();
  await press();
  return performance.now() - began;
};

test("requests that never end hold nobody up and are ended", async ({ server }) => {
  const cookie = await signIn(server, PEOPLE.chair);
  const starts = [
    "GET /meetings HTTP/1.1\r\nhost: x\r\nx-slow: ",
    "POST /api/sign-in HTTP/1.1\r\nhost: x\r\nsec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 60000\r\n\r\nemail=",
  ];
  const sockets = Array.from({ length: 150 }, (_, at) => {
    const socket = connect(server.port, "127.0.0.1", () => socket.write(starts[at % 2]));
    socket.on("error", () => {});
    socket.ended = new Promise((resolve) => socket.on("close", resolve));
    return socket;
  });
  const drip = setInterval(() => sockets.forEach((socket) => socket.writable && socket.write("x")), 500);
  const times = [];
  for (let looks = 0; looks < 20; looks++) times.push(await timed(async () => expect(await opens(server, cookie)).toBe(true)));
  console.log(`a page beside 150 requests that never end: median ${middle(times).toFixed(0)} ms`);
  const ended = await Promise.race([Promise.all(sockets.map((socket) => socket.ended)).then(() => true), new Promise((resolve) => setTimeout(resolve, 90_000, false))]);
  clearInterval(drip);
  sockets.forEach((socket) => socket.destroy());
  expect(ended, "they are ended by the server").toBe(true);
});

test("guessing beside each other is as slow as one after the other", async ({ server }) => {
  test.setTimeout(180_000);
  const colleague = await signIn(server, WORKER);
  const guess = (at) => post(server, "/api/sign-in", { email: PEOPLE.chair, password: `guess ${at}` });
  const began = performance.now();
  const guesses = await Promise.all(Array.from({ length: 60 }, (_, at) => guess(at)));
  expect(guesses.filter(sessionOf), "nobody is in").toEqual([]);
  const lookedAt = async (answer) => (await request(server, answer.headers.location)).text.includes("is not right");
  let looked = 0;
  for (const answer of guesses) looked += (await lookedAt(answer)) ? 1 : 0;
  // After the second, each waits twice as long as the one before: a second, two, four.
  const seconds = (performance.now() - began) / 1000;
  expect(looked, "those whose time had come").toBeLessThanOrEqual(3 + Math.log2(seconds + 1));
  // However slow this machine is: after six the next waits 16 seconds.
  for (let at = 60; looked < 6; at++) looked += (await lookedAt(await guess(at))) ? 1 : 0;
  const right = await post(server, "/api/sign-in", { email: PEOPLE.chair, password: PASSWORD });
  expect(sessionOf(right), "the right one waits, too").toBeUndefined();
  expect(await opens(server, colleague), "a colleague goes on").toBe(true);
});

test("what is hidden and what does not exist answer alike", async ({ server }) => {
  const cookie = await signIn(server, "bethan.plumbline.7013@example.invalid");
  const chair = await signIn(server, PEOPLE.chair);
  const families = await request(server, "/families", { cookie: chair });
  const hidden = families.text.match(/\/families\/([0-9a-f-]{36})/)[1];
  const absent = crypto.randomUUID();
  const alike = ({ status, headers, text }, id) => {
    const nonce = /nonce="([^"]*)"/.exec(text)?.[1] ?? "none";
    const { date, "content-security-policy": policy, ...rest } = headers;
    return { status, rest, policy: policy?.replaceAll(nonce, "N"), text: text.replaceAll(nonce, "N").replaceAll(id, "ID") };
  };
  for (const path of ["/families/ID", "/families/ID/edit", "/families/ID/access", "/families/ID/lock", "/families/ID/people/new", "/families/ID/allocate"]) {
    const ask = (id) => request(server, path.replace("ID", id), { cookie });
    expect(alike(await ask(hidden), hidden), path).toEqual(alike(await ask(absent), absent));
    const [there, gone] = [[], []];
    for (let looks = 0; looks < 15; looks++) {
      there.push(await timed(() => ask(hidden)));
      gone.push(await timed(() => ask(absent)));
    }
    console.log(`${path}: hidden ${middle(there).toFixed(1)} ms, absent ${middle(gone).toFixed(1)} ms`);
  }
  const known = await post(server, "/api/sign-in", { email: "nadia.quoin.7008@example.invalid", password: "wrong" });
  const unknown = await post(server, "/api/sign-in", { email: "nadia.quoin.9999@example.invalid", password: "wrong" });
  const page = async (answer) => (await request(server, answer.headers.location)).text.replace(/nonce="[^"]*"/g, "").replace(/nadia\.quoin\.\d+/g, "A");
  expect(known.status).toBe(unknown.status);
  expect((await page(known)).length, "a wrong password and an unknown account").toBe((await page(unknown)).length);
});
