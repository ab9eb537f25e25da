//! What one update costs: reading a normal one, and the dearest that anybody could make by hand. Prints milliseconds
//! and the memory that was needed at most: `cargo run --release -p domain --example measure_updates`.

#[path = "../src/prose/hand_made/write.rs"]
mod write;

use domain::prose::{COMMAND_LIMIT, Profile, Prose, ProseError, Update};
use peak_alloc::PeakAlloc;
use std::time::Instant;
use write::{Bytes, crossed, holes, nested, section, siblings, typed};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn main() {
    println!("{:<58} {:>10} {:>9} {:>9}  answer", "update", "bytes", "ms", "MB");
    let long = typed(1, &"b".repeat(100_000));
    let (empty, full) = (Prose::new(), Prose::new());
    full.accept(&long, 1).expect("it fits");
    let sources: Vec<(&str, &Prose, Vec<u8>)> = vec![
        ("nested 700 deep", &empty, nested(700)),
        ("nested 6,000 deep", &empty, nested(6000)),
        ("claims 2^28 authors", &empty, Bytes::default().number(1 << 28).raw(&[0; 10]).0),
        ("claims 2^53 blocks", &empty, section(7, 0, 1 << 52).first_block(4).text("a").number(0).0),
        ("8 MB", &empty, vec![1; 8 << 20]),
        ("64 KB of letters", &empty, typed(7, &"x".repeat(COMMAND_LIMIT - 50))),
        ("1,000 blocks behind one letter", &full, siblings(7, 0, 1000, Some((1, 0)))),
        ("1,000 blocks behind one letter before 1,000 others", &full, crossed(1000)),
        ("150 of these", &full, crossed(150)),
        ("80 of these", &full, crossed(80)),
        ("40 of these", &full, crossed(40)),
        ("1,000 deletions in a long word", &full, holes(1000)),
        ("80 deletions in a long word", &full, holes(80)),
    ];
    for (name, base, update) in sources {
        row(name, base, &update);
    }
    crowded();
    two_pens();
    normal();
}

fn row(name: &str, base: &Prose, update: &[u8]) {
    let mut best = (f64::MAX, 0.0, Ok(()));
    for _ in 0..5 {
        let prose = base.clone();
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage_as_mb();
        let begun = Instant::now();
        let answer = prose.accept(update, 7);
        let took = begun.elapsed().as_secs_f64() * 1000.0;
        let memory = MEMORY.peak_usage_as_mb() - before;
        if took < best.0 {
            best = (took, memory, answer);
        }
    }
    let answer = best.2.map_or_else(|error: ProseError| format!("{error:?}"), |()| "taken".to_owned());
    println!("{name:<58} {:>10} {:>9.3} {:>9.2}  {answer}", update.len(), best.0, best.1);
}

/// A box that somebody has filled with blocks behind one letter, as fast as the limits let them; then one more.
fn crowded() {
    let prose = Prose::new();
    prose.accept(&typed(1, "a"), 1).expect("it fits");
    let mut dearest = 0.0_f64;
    for author in 7..110 {
        let mut count = 500;
        let mut clock = 0;
        while clock < 500 && count > 0 {
            let begun = Instant::now();
            let answer = prose.accept(&siblings(author, clock, count, Some((1, 0))), author);
            dearest = dearest.max(begun.elapsed().as_secs_f64() * 1000.0);
            match answer {
                Ok(()) => clock += count,
                Err(_) => count /= 2,
            }
        }
    }
    let blocks = Update::read(&prose.state(), Profile::State).expect("it is ours").blocks.len();
    println!("{:<58} {:>10} {dearest:>9.3}", format!("the dearest while filling a box with {blocks} blocks"), "");
    row("1 more block in that box", &prose, &siblings(7, 500, 1, Some((1, 0))));
    let state = prose.state();
    let begun = Instant::now();
    Prose::new().merge(&state).expect("it is ours");
    let took = begun.elapsed().as_secs_f64() * 1000.0;
    println!("{:<58} {:>10} {took:>9.3}", "opening that box", state.len());
}

/// A box in which two pens put single letters behind one letter in turn, one command each: what opening it costs then.
fn two_pens() {
    for count in [1000, 2000, 4000, 8000] {
        let prose = Prose::new();
        prose.accept(&typed(1, "abc"), 1).expect("it fits");
        let mut taken = 0;
        for clock in 0..count {
            for (author, before) in [(8, 1), (7, 2)] {
                let letter = section(author, clock, 1).raw(&[0xc4]).numbers(&[1, 0, 1, before]).text("x").number(0).0;
                taken += usize::from(prose.accept(&letter, author).is_ok());
            }
        }
        let state = prose.state();
        let begun = Instant::now();
        Prose::new().merge(&state).expect("it is ours");
        let took = begun.elapsed().as_secs_f64() * 1000.0;
        println!("{:<58} {:>10} {took:>9.3}", format!("opening a box of {taken} letters by two pens"), state.len());
    }
}

/// Typing as people do: read alone, and checked and merged.
fn normal() {
    for (name, length, at_end) in
        [("box of 2 KB", 2000, true), ("box of 60 KB", 60_000, true), ("in the middle of one's 60 KB", 60_000, false)]
    {
        let server = Prose::new();
        server.accept(&typed(1, &"word ".repeat(length / 5)), 1).expect("it fits");
        let browser = server.written_by(7);
        let mut text = server.text();
        let mut typed = |key: char, at: usize| {
            text.insert(at, key);
            browser.typed(&text, u32::try_from(at + 1).expect("short")).remove(0)
        };
        server.accept(&typed('a', length), 7).expect("plain");
        server.accept(&typed('b', length + 1), 7).expect("plain");
        let from = if at_end { length + 2 } else { length + 1 };
        let keys: Vec<Vec<u8>> = (0..2000).map(|n| typed('k', from + n)).collect();
        let begun = Instant::now();
        for key in &keys {
            std::hint::black_box(Update::read(key, Profile::Command { author: 7 })).expect("plain");
        }
        let read = begun.elapsed().as_secs_f64() * 1e6 / keys.len() as f64;
        let begun = Instant::now();
        for key in &keys {
            server.accept(key, 7).expect("plain");
        }
        let accepted = begun.elapsed().as_secs_f64() * 1e6 / keys.len() as f64;
        println!("one keystroke, {name}: read {read:.2} µs, checked and merged {accepted:.2} µs");
    }
}
