//! A document as PDF: tagged, by PDF/UA-1 and PDF/A-2a, so that it can be read aloud and still be opened when the
//! child is grown up.

use crate::fonts::{Fonts, printable};
use crate::prose::{Paragraph, ParagraphKind, read};
use chrono::Datelike;
use domain::document::{Block, Document};
use std::fmt::Write as _;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// Prints; `logo` is an SVG.
///
/// # Errors
/// What the typesetter says, with the place in its source.
pub(crate) fn print(document: &Document, logo: Option<&str>, fonts: &Fonts) -> Result<Vec<u8>, String> {
    let source = source(document, logo.is_some());
    let needed = fonts.for_text(&source);
    let printed = set(&source, needed, logo);
    // A font of the machine may be one that cannot be embedded: then its letters are replaced.
    let printed = printed.or_else(|_| set(&source, Fonts::own(), logo));
    // What was typeset is somebody's record: nothing of it stays in the typesetter's memory.
    typst::comemo::evict(0);
    printed
}

fn set(source: &str, fonts: Vec<Font>, logo: Option<&str>) -> Result<Vec<u8>, String> {
    let desk = Desk {
        main: Source::new(file("main.typ"), printable(source, &fonts)),
        book: LazyHash::new(FontBook::from_fonts(fonts.iter())),
        fonts,
        logo: logo.map(|logo| Bytes::new(logo.as_bytes().to_vec())),
    };
    let set = typst::compile::<PagedDocument>(&desk).output.map_err(|errors| {
        let messages = errors.iter().map(|error| error.message.to_string());
        messages.collect::<Vec<_>>().join("; ")
    })?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a]).map_err(|error| format!("{error:?}"))?;
    let moment = Datetime::from_ymd_hms(1970, 1, 1, 0, 0, 0).map(Timestamp::new_utc);
    let options = PdfOptions {
        creator: Smart::Custom(Some("Caseround".into())),
        standards,
        timestamp: moment,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&set, &options).map_err(|errors| {
        let messages = errors.iter().map(|error| error.message.to_string());
        messages.collect::<Vec<_>>().join("; ")
    })
}

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// All that the typesetter may see: one text, its fonts and one picture.
struct Desk {
    main: Source,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    logo: Option<Bytes>,
}

fn file(name: &str) -> FileId {
    FileId::new(RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).expect("a plain name is a path")))
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.logo.clone().filter(|_| id == file("logo.svg")).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// The document in the typesetter's language. Words are always strings in it, never markup.
fn source(document: &Document, logo: bool) -> String {
    let mut out = String::from(include_str!("page.typ"));
    let _ = writeln!(
        out,
        "#show: page.with(title: {}, council: {}, header: {}, date: {}, draft: {}, logo: {})",
        string(&document.title),
        string(&document.council),
        string(&document.header()),
        document.dated.map_or_else(
            || "none".to_owned(),
            |day| format!("datetime(year: {}, month: {}, day: {})", day.year(), day.month(), day.day())
        ),
        document.is_draft(),
        if logo { "\"logo.svg\"" } else { "none" },
    );
    let _ = writeln!(out, "#heading(level: 1, {})", string(&document.title));
    if !document.status.is_empty() {
        let _ = writeln!(out, "#status({}, {})", string(&document.status), string(&document.made_for));
    }
    if !document.notice.is_empty() {
        let _ = writeln!(out, "#notice({}, {})", string(&document.notice), string(&document.left_out.join(" ")));
    }
    if !document.facts.is_empty() {
        let _ = writeln!(out, "{}", list("list", document.facts.iter().map(|fact| string(fact))));
    }
    for section in &document.sections {
        let _ = writeln!(out, "#heading(level: {}, {})", section.level, string(&section.heading));
        for block in &section.blocks {
            print_block(&mut out, block);
        }
    }
    for words in &document.colophon {
        let _ = writeln!(out, "#small({})", string(words));
    }
    out
}

fn print_block(out: &mut String, block: &Block) {
    let _ = match block {
        Block::Text(text) => writeln!(out, "#par({})", string(text)),
        Block::Strong(text) => writeln!(out, "#par(strong({}))", string(text)),
        Block::List(items) => writeln!(out, "{}", list("list", items.iter().map(|item| string(item)))),
        Block::Prose(text) => writeln!(out, "{}", prose(&read(text))),
        Block::Table { headings, rows, .. } => {
            let cells = |row: &[String]| row.iter().map(|cell| string(cell)).collect::<Vec<_>>().join(", ");
            let rows: String = rows.iter().map(|row| format!("{}, ", cells(row))).collect();
            writeln!(out, "#steps(({},), ({rows}))", cells(headings))
        }
    };
}

fn prose(paragraphs: &[Paragraph]) -> String {
    let mut out = String::new();
    let mut rest = paragraphs;
    while let Some(first) = rest.first() {
        let numbered = |kind: ParagraphKind| matches!(kind, ParagraphKind::Number(_));
        let same = |other: &&Paragraph| {
            other.depth == first.depth && (other.kind == first.kind || (numbered(other.kind) && numbered(first.kind)))
        };
        let run = match first.kind {
            ParagraphKind::Plain | ParagraphKind::Quote => 1,
            _ => rest.iter().take_while(same).count(),
        };
        let (these, after) = rest.split_at(run);
        rest = after;
        let items = || these.iter().map(spans);
        let _ = match first.kind {
            ParagraphKind::Plain => writeln!(out, "#par({})", spans(first)),
            ParagraphKind::Quote => writeln!(out, "#quote(block: true, {})", spans(first)),
            ParagraphKind::Bullet => writeln!(out, "#pad(left: {}em)[{}]", first.depth, list("list", items())),
            ParagraphKind::Number(from) => {
                writeln!(out, "#pad(left: {}em)[{}]", first.depth, list(&format!("enum.with(start: {from})"), items()))
            }
        };
    }
    out
}

fn spans(paragraph: &Paragraph) -> String {
    let spans = paragraph.spans.iter().map(|span| {
        let words = string(&span.text);
        match (span.strong, span.emphasis) {
            (true, true) => format!("#strong(emph({words}))"),
            (true, false) => format!("#strong({words})"),
            (false, true) => format!("#emph({words})"),
            (false, false) => format!("#{words}"),
        }
    });
    format!("[{}]", spans.collect::<String>())
}

fn list(kind: &str, items: impl Iterator<Item = String>) -> String {
    let kind = if kind.contains('.') { format!("#({kind})") } else { format!("#{kind}") };
    format!("{kind}({})", items.collect::<Vec<_>>().join(", "))
}

/// So many letters without a space fit on a line; longer words are broken.
const LONGEST_WORD: usize = 60;

/// A string literal. Words that fit on no line get places where they may break.
fn string(text: &str) -> String {
    let mut out = String::from("\"");
    let mut run = 0;
    for c in text.chars() {
        run = if c.is_whitespace() { 0 } else { run + 1 };
        if run > LONGEST_WORD {
            out.push('\u{200b}');
            run = 1;
        }
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
