// Starts the islands of the page at once. A browser calls back when it is idle, and may never be.
const app = await import("/pkg/caseround.js");
await app.default({ module_or_path: "/pkg/caseround_bg.wasm" });
app.hydrate();
for (const island of document.querySelectorAll("leptos-island")) app[island.dataset.component](island);
