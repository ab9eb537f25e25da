//! Fonts. Those for Latin script, Welsh included, are part of the program; those for all other scripts lie in a folder of
//! the machine, which is looked through once, when a document first needs one of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, OnceLock};
use typst::foundations::Bytes;
use typst::text::{Coverage, Font, is_default_ignorable};

/// Where Debian keeps fonts.
pub const FOLDER: &str = "/usr/share/fonts";

/// Stands for a letter that no font has.
const MISSING: char = '□';

/// Scripts that a council's families write their names in, each with a letter to look for and the package that has it.
const SCRIPTS: [(&str, char, &str); 9] = [
    ("Bengali", 'ব', "fonts-noto-core"),
    ("Gurmukhi", 'ਪ', "fonts-noto-core"),
    ("Gujarati", 'ગ', "fonts-noto-core"),
    ("Devanagari", 'ह', "fonts-noto-core"),
    ("Tamil", 'த', "fonts-noto-core"),
    ("Ethiopic", 'አ', "fonts-noto-core"),
    ("Urdu", 'ہ', "fonts-noto-core"),
    ("Chinese", '中', "fonts-noto-cjk"),
    ("Korean", '한', "fonts-noto-cjk"),
];

static OWN: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&'static [u8]; 4] = [
        include_bytes!("../fonts/NotoSans-Regular.ttf"),
        include_bytes!("../fonts/NotoSans-Bold.ttf"),
        include_bytes!("../fonts/NotoSans-Italic.ttf"),
        include_bytes!("../fonts/DejaVuSans.ttf"),
    ];
    files.into_iter().flat_map(|bytes| Font::iter(Bytes::new(bytes))).collect()
});

/// A font of the folder: where it lies, and which letters it has.
#[derive(Debug)]
struct Face {
    path: PathBuf,
    index: u32,
    family: String,
    coverage: Coverage,
}

/// The fonts of one machine.
#[derive(Debug)]
pub(crate) struct Fonts {
    folder: PathBuf,
    faces: OnceLock<Vec<Face>>,
}

impl Fonts {
    /// Fonts of a folder beside the program's own.
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), faces: OnceLock::new() }
    }

    /// The program's own fonts.
    pub fn own() -> Vec<Font> {
        OWN.clone()
    }

    /// The fonts that `text` needs: the program's own, and of the folder only what has letters that those lack.
    pub fn for_text(&self, text: &str) -> Vec<Font> {
        let mut fonts = Self::own();
        let mut lacking: BTreeSet<char> = text.chars().filter(|letter| lacks(&fonts, *letter)).collect();
        lacking.retain(|letter| !is_default_ignorable(*letter));
        while let Some(face) = self.best_for(&lacking) {
            lacking.retain(|letter| !face.coverage.contains(*letter as u32));
            let read = std::fs::read(&face.path).ok();
            fonts.extend(read.and_then(|bytes| Font::new(Bytes::new(bytes), face.index)));
        }
        fonts
    }

    /// The font that has most of the letters; of equals a sans serif like the program's own.
    fn best_for(&self, lacking: &BTreeSet<char>) -> Option<&Face> {
        if lacking.is_empty() {
            return None;
        }
        let has = |face: &Face| lacking.iter().filter(|letter| face.coverage.contains(**letter as u32)).count();
        let faces = self.faces().iter().map(|face| (has(face), face.family.starts_with("Noto Sans"), face));
        let best = faces.max_by_key(|(has, like_ours, _)| (*has, *like_ours)).filter(|(has, ..)| *has > 0);
        best.map(|(.., face)| face)
    }

    /// Scripts of which no letter can be printed, with the package that has them.
    pub fn missing_scripts(&self) -> Vec<(&'static str, &'static str)> {
        let own = Self::own();
        let has = |letter: char| {
            !lacks(&own, letter) || self.faces().iter().any(|face| face.coverage.contains(letter as u32))
        };
        SCRIPTS
            .into_iter()
            .filter(|(_, letter, _)| !has(*letter))
            .map(|(script, _, package)| (script, package))
            .collect()
    }

    fn faces(&self) -> &[Face] {
        self.faces.get_or_init(|| {
            let mut files = Vec::new();
            collect(&self.folder, &mut files);
            files.sort();
            files.iter().flat_map(|path| faces_of(path)).collect()
        })
    }
}

/// Regular fonts of a file; a collection holds several.
fn faces_of(path: &Path) -> Vec<Face> {
    let Ok(bytes) = std::fs::read(path) else { return Vec::new() };
    let regular = |font: &Font| {
        let variant = font.info().variant;
        variant.weight.to_number() == 400 && variant.style == typst::text::FontStyle::Normal
    };
    Font::iter(Bytes::new(bytes))
        .filter(regular)
        .map(|font| Face {
            path: path.to_owned(),
            index: font.index(),
            family: font.info().family.to_string(),
            coverage: font.info().coverage.clone(),
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
        if path.is_dir() {
            collect(&path, files);
        } else if matches!(ending.as_str(), "ttf" | "otf" | "ttc" | "otc") {
            files.push(path);
        }
    }
}

fn lacks(fonts: &[Font], letter: char) -> bool {
    !letter.is_control() && !fonts.iter().any(|font| font.info().coverage.contains(letter as u32))
}

/// The text with a visible sign for every letter that none of the fonts has. What is never seen (joiners, variation
/// selectors) is left out where no font has it.
pub(crate) fn printable(text: &str, fonts: &[Font]) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match (lacks(fonts, letter), is_default_ignorable(letter)) {
            (false, _) => out.push(letter),
            (true, true) => {}
            (true, false) => out.push(MISSING),
        }
    }
    out
}
