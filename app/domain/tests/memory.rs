//! What an update made by hand may cost in memory. A file of its own, since it counts everything that is allocated.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on says so by panicking")]

#[path = "../src/prose/hand_made/write.rs"]
mod write;

use domain::prose::{COMMAND_LIMIT, Prose};
use peak_alloc::PeakAlloc;
use write::{Bytes, crossed, holes, nested, section, siblings, typed};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Megabytes that a box needed at most to refuse or take an update.
fn needed(base: &Prose, update: &[u8]) -> f32 {
    let prose = base.clone();
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage_as_mb();
    let _ = prose.accept(update, 7);
    MEMORY.peak_usage_as_mb() - before
}

#[test]
fn an_update_made_by_hand_takes_little_memory() {
    let (empty, full) = (Prose::new(), Prose::new());
    full.accept(&typed(1, &"b".repeat(100_000)), 1).unwrap();
    let refused = [
        nested(700),
        nested(6000),
        Bytes::default().number(1 << 28).raw(&[0; 10]).0,
        section(7, 0, 1 << 52).first_block(4).text("a").number(0).0,
        vec![1; 8 << 20],
    ];
    for update in refused {
        assert!(empty.accept(&update, 7).is_err());
        let needed = needed(&empty, &update);
        assert!(needed <= 1.0, "{needed} MB for {} bytes", update.len());
    }
    let dear = [
        typed(7, &"x".repeat(COMMAND_LIMIT - 50)),
        siblings(7, 0, 1000, Some((1, 0))),
        crossed(80),
        crossed(1000),
        holes(1000),
    ];
    for update in dear {
        let needed = needed(&full, &update);
        assert!(needed <= 4.0, "{needed} MB for {} bytes", update.len());
    }
}
