//! `bindgen BUILT.wasm FOLDER`: the wasm as the browser loads it, with its loader, into a folder. In place of the
//! command `wasm-bindgen`, which brings test runners and web servers along that take a minute to build.

use anyhow::{Context, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let (Some(built), Some(folder)) = (args.next(), args.next()) else { bail!("say: bindgen BUILT.wasm FOLDER") };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&built).out_name("caseround").web(true)?.typescript(false);
    bindgen.generate(&folder).with_context(|| format!("{built} could not be made ready for the browser"))
}
