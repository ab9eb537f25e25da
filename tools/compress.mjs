// Writes .br and .gz beside every file that is newer than its copies, and prints what a browser downloads.
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
let total = 0;
for (const name of readdirSync(folder, { recursive: true })) {
  const file = join(folder, name);
  if (!/\.(wasm|js|css|svg)$/.test(name)) continue;
  const older = [".br", ".gz"].some((tail) => !existsSync(file + tail) || statSync(file + tail).mtimeMs < statSync(file).mtimeMs);
  if (older) {
    const bytes = readFileSync(file);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(file + ".br", brotliCompressSync(bytes, { params }));
    writeFileSync(file + ".gz", gzipSync(bytes, { level: 9 }));
  }
  total += statSync(file + ".br").size;
}
console.log(`   a browser downloads ${(total / 1024).toFixed(0)} KB (brotli)`);
const most = 600;
if (total > most * 1024) {
  console.error(`   more than the ${most} KB that the live page may weigh`);
  process.exit(1);
}
