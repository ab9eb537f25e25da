//! The browser's entry point.

#[cfg(not(any(erase_components, doc)))]
compile_error!(
    "Server and browser are built with `--cfg erase_components`, or hydration fails. Build inside the repository, where \
     .cargo/config.toml says so, and set no RUSTFLAGS."
);

use wasm_bindgen::prelude::wasm_bindgen;

// Keeps the islands' exports.
use app as _;

/// Called by the page once the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
