//! Five printers of one [`Document`]: Markdown, HTML, JSON, PDF and Word. Nothing is decided here.

mod archive;
mod docx;
mod html;
mod markdown;
mod pdf;
mod prose;

use domain::document::Document;
use service::Printer;

/// The shipped printers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Printers;

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
        pdf::print(document, logo)
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
