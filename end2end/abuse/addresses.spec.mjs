// Addresses and headers made by hand: where they lead, what they reach, what they leave in the log.
import { PASSWORD, PEOPLE, expect, test } from "../caseround.mjs";
import { post, raw, request, signIn } from "./request.mjs";

const ELSEWHERE = [
  "//evil.example", "///evil.example", "https://evil.example", "http:evil.example", "/\\evil.example", "\\\\evil.example",
  "/\t/evil.example", "\t//evil.example", " //evil.example", "javascript:alert(1)", "data:text/html,x", "/\r\nset-cookie: a=b",
  "/%0d%0aset-cookie:%20a=b", "/meetings\nlocation: //evil.example", "@evil.example", ".evil.example", "/．．/evil.example",
];

test("no address leads from here to somewhere else", async ({ server }) => {
  const answers = [];
  for (const next of ELSEWHERE) {
    const signed = await post(server, "/api/sign-in", { email: PEOPLE.chair, password: PASSWORD, next });
    answers.push(["/api/sign-in", next, signed]);
    const wrong = await post(server, "/api/sign-in", { email: "nobody@example.invalid", password: "wrong", next }, { headers: { "x-forwarded-for": "192.0.2.1" } });
    answers.push(["a refused /api/sign-in", next, wrong]);
    const page = await request(server, `/sign-in?next=${encodeURIComponent(next)}`);
    expect(page.status).toBe(200);
    const links = [...page.text.matchAll(/(?:href|action|formaction)="([^"]*)"/g)].map(([, link]) => link);
    for (const link of links) expect(new URL(link.replaceAll("&amp;", "&"), server.url).origin, `${link} after ${next}`).toBe(server.url);
  }
  const cookie = await signIn(server, PEOPLE.chair);
  for (const next of ELSEWHERE) {
    answers.push(["/api/account/confirm", next, await post(server, "/api/account/confirm", { password: PASSWORD, next }, { cookie })]);
    for (const name of ["referer", "host", "x-forwarded-host", "forwarded"]) {
      const value = next.replace(/[^\x20-\x7e]/g, "");
      answers.push([name, next, await post(server, "/api/family/save", { family: "", reference: "" }, { cookie, headers: { [name]: value } })]);
    }
  }
  for (const [where, next, { status, headers }] of answers) {
    expect(headers, `${where} ${JSON.stringify(next)}`).not.toHaveProperty("a");
    expect([headers["set-cookie"] ?? []].flat().join(), `${where} ${JSON.stringify(next)}`).not.toMatch(/(^|,)a=b/);
    if (!headers.location) continue;
    expect(new URL(headers.location, `${server.url}/x/`).origin, `${where} ${JSON.stringify(next)} (${status})`).toBe(server.url);
  }
});

test("no path reaches a file beside the browser's own", async ({ server }) => {
  const up = ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "..\\", "%252e%252e%252f", "....//", "..;/", ".%00./"];
  const paths = ["/etc/passwd", "/pkg//etc/passwd", "/pkg/%2fetc%2fpasswd", "/pkg/.", "/pkg/", "/pkg/caseround.css%00.html", "/pkg/caseround.css/../../../../../etc/passwd"];
  for (const step of up) for (const file of ["etc/passwd", "Cargo.toml", "demo.sqlite"]) paths.push(`/pkg/${step.repeat(8)}${file}`, `/${step.repeat(8)}${file}`, `/downloads/${step.repeat(8)}${file}`);
  const cookie = await signIn(server, PEOPLE.chair);
  for (const path of paths) {
    const answer = await raw(server, `GET ${path} HTTP/1.1\r\nhost: x\r\naccept: text/html\r\ncookie: caseround-local=${cookie}\r\nconnection: close\r\n\r\n`);
    expect(answer, path).toMatch(/^HTTP\/1\.1 (3|4)\d\d /);
    expect(answer, path).not.toMatch(/root:x:|\[workspace\]|SQLite format/);
  }
});

test("nobody writes a line of their own into the log", async ({ server }) => {
  const forged = "2026-11-24T09:30:00Z INFO forged";
  const encoded = encodeURIComponent(`\n${forged}\n`);
  await request(server, `/meetings/${encoded}`);
  await request(server, `/sign-in?next=${encoded}`);
  await post(server, "/api/sign-in", { email: `x\n${forged}\n@example.invalid`, password: `\n${forged}\n` });
  await post(server, "/api/sign-in", { email: PEOPLE.chair, password: "wrong" }, { headers: { "user-agent": `a\t${forged}`, "x-forwarded-for": `${forged}, 192.0.2.7` } });
  await raw(server, `GET /\x1b[2J${forged.replaceAll(" ", "")} HTTP/1.1\r\nhost: x\r\nuser-agent: a\x1b[2J\r\nconnection: close\r\n\r\n`);
  await raw(server, `GET / HTTP/1.1\r\nhost: x\r\nx-caseround-worker: ${forged}\r\n folded: ${forged}\r\nconnection: close\r\n\r\n`);
  const log = server.log();
  expect(log.split("\n").filter((line) => line.startsWith(forged)), log).toEqual([]);
  expect(log, "no escape sequence of a caller").not.toContain("\x1b[2J");
  expect(log, "nobody who is not a proxy says where they come from").not.toContain("192.0.2.7");
});

test("requests that a proxy and a server may read differently are refused", async ({ server }) => {
  const smuggled = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
  for (const [what, bytes] of [
    ["two lengths", `POST /api/sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\ncontent-length: ${smuggled.length}\r\n\r\n${smuggled}`],
    ["a length and chunks", `POST /api/sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ["a wrong length", `POST /api/sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: +5\r\n\r\nabcde`],
    ["an unknown coding", `POST /api/sign-in HTTP/1.1\r\nhost: x\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ["a space before the colon", `GET / HTTP/1.1\r\nhost : x\r\n\r\n`],
  ]) {
    const answer = await raw(server, bytes, 1500);
    const answers = answer.match(/HTTP\/1\.1 \d\d\d/g) ?? [];
    const taken = answers.filter((line) => / 2\d\d/.test(line));
    expect(taken, `${what}: ${answer.slice(0, 200)}`).toEqual([]);
  }
});
