//! The browser's entry point.

use wasm_bindgen::prelude::wasm_bindgen;

// Keeps the islands' exports.
use app as _;

/// Called by the page once the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
