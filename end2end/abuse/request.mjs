// Requests as somebody makes them by hand: any header, any path, no browser that helps or hinders.
import { request as send } from "node:http";
import { connect } from "node:net";
import { PASSWORD } from "../caseround.mjs";

/// The name of the session's cookie where a server is not reached by https.
export const SESSION = "caseround-local";

/// One request; `body` is a form's fields. Gives status, headers and text, and follows nothing.
export const request = (server, path, { method, cookie, headers = {}, body } = {}) =>
  new Promise((resolve, reject) => {
    const text = body && new URLSearchParams(body).toString();
    const options = {
      method: method ?? (body ? "POST" : "GET"),
      headers: {
        accept: "text/html",
        ...(cookie && { cookie: `${SESSION}=${cookie}` }),
        ...(text !== undefined && { "content-type": "application/x-www-form-urlencoded", "content-length": Buffer.byteLength(text) }),
        ...headers,
      },
      agent: false,
    };
    const asked = send(server.url, { ...options, path }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (data) => (text += data));
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
    });
    asked.on("error", reject);
    asked.end(text);
  });

/// A form of Caseround's own pages.
export const post = (server, path, body, { headers, ...options } = {}) =>
  request(server, path, { body, headers: { "sec-fetch-site": "same-origin", ...headers }, ...options });

/// What a session's cookie is after an answer.
export const sessionOf = (answer) =>
  [answer.headers["set-cookie"] ?? []].flat().map((cookie) => new RegExp(`^${SESSION}=([^;]*)`).exec(cookie)?.[1]).find(Boolean);

/// Signs in by hand and gives the session.
export async function signIn(server, email, options) {
  const session = sessionOf(await post(server, "/api/sign-in", { email, password: PASSWORD }, options));
  if (!session) throw new Error(`${email} is not signed in`);
  return session;
}

/// Whether a session opens pages.
export const opens = async (server, cookie) => (await request(server, "/meetings", { cookie })).status === 200;

/// Bytes as they are, on a connection of their own; what comes back until the server closes it, or after `patience` ms.
export const raw = (server, bytes, patience = 3000) =>
  new Promise((resolve) => {
    const socket = connect(server.port, "127.0.0.1", () => socket.write(bytes));
    let text = "";
    const end = () => { socket.destroy(); resolve(text); };
    const timer = setTimeout(end, patience);
    socket.on("data", (data) => (text += data));
    socket.on("error", () => {});
    socket.on("close", () => { clearTimeout(timer); resolve(text); });
  });
