//! Five printers of one [`Document`]: Markdown, HTML, JSON, PDF and Word. Nothing is decided here.

mod archive;
mod docx;
mod fonts;
mod html;
mod markdown;
mod pdf;
mod prose;

use domain::document::Document;
use service::Printer;
use std::path::Path;

pub use fonts::FOLDER as FONT_FOLDER;

/// The shipped printers.
#[derive(Debug)]
pub struct Printers {
    fonts: fonts::Fonts,
}

impl Default for Printers {
    fn default() -> Self {
        Self::with_fonts(Path::new(FONT_FOLDER))
    }
}

impl Printers {
    /// Printers that find fonts for scripts other than Latin in a folder.
    #[must_use]
    pub fn with_fonts(folder: &Path) -> Self {
        Self { fonts: fonts::Fonts::of(folder) }
    }

    /// Scripts that cannot be printed on this machine, each with Debian's package of fonts that have it.
    #[must_use]
    pub fn missing_scripts(&self) -> Vec<(&'static str, &'static str)> {
        self.fonts.missing_scripts()
    }
}

impl Printer for Printers {
    fn markdown(&self, document: &Document) -> String {
        markdown::print(document)
    }

    fn html(&self, document: &Document) -> String {
        html::print(document)
    }

    fn json(&self, document: &Document) -> String {
        serde_json::to_string_pretty(document).expect("documents are plain data")
    }

    fn pdf(&self, document: &Document, logo: Option<&str>) -> Result<Vec<u8>, String> {
        pdf::print(document, logo, &self.fonts)
    }

    fn docx(&self, document: &Document) -> Result<Vec<u8>, String> {
        docx::print(document)
    }

    fn archive(
        &self, files: &mut dyn Iterator<Item = Result<(String, Vec<u8>), String>>, out: &mut dyn std::io::Write,
    ) -> Result<(), String> {
        archive::stream(files, out)
    }
}
