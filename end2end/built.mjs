// Where cargo puts what it built for this machine.
import { execFileSync } from "node:child_process";

const host = execFileSync("rustc", ["-vV"], { encoding: "utf8" }).match(/^host: (.*)$/m)[1];

/// The folder of a profile: `built("debug")`.
export const built = (profile) => `target/${host}/${profile}`;
