//! One CSV file as councils write it: any of four encodings, three delimiters, any order of columns.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::collections::BTreeMap;

/// A file read into rows.
#[derive(Debug, Clone)]
pub struct Table {
    /// File name, for messages.
    pub file: String,
    columns: BTreeMap<String, usize>,
    rows: Vec<(u64, Vec<String>)>,
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {why}")]
pub struct TableError {
    /// Which file.
    pub file: String,
    /// What is wrong, and the remedy.
    pub why: String,
}

/// One row, with the physical line it begins on.
#[derive(Debug, Clone, Copy)]
pub struct TableRow<'a> {
    table: &'a Table,
    /// Physical line; the header is 1.
    pub line: u64,
    cells: &'a [String],
}

impl Table {
    /// Reads a file. Rows of nothing but delimiters are left out.
    ///
    /// # Errors
    /// Where the bytes are no text, there is no header, a row has more cells than the header, or one
    /// of `needed` is missing.
    pub fn read(file: &str, bytes: &[u8], needed: &[&str]) -> Result<Self, TableError> {
        let fail = |why: String| TableError { file: file.to_owned(), why };
        let text = decode(bytes).ok_or_else(|| {
            fail("this is not a text file. Export the table as CSV in UTF-8 and try again.".to_owned())
        })?;
        let first = text.lines().next().unwrap_or_default();
        let delimiter = [b',', b';', b'\t']
            .into_iter()
            .max_by_key(|delimiter| first.bytes().filter(|byte| byte == delimiter).count())
            .unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut columns = BTreeMap::new();
        let mut rows = Vec::new();
        let mut lines = Lines { text: text.as_bytes(), counted: 0, line: 1 };
        for record in reader.records() {
            let record = record.map_err(|error| fail(format!("cannot be read as CSV: {error}.")))?;
            let line = lines.at(record.position().map_or(0, csv::Position::byte));
            if columns.is_empty() {
                columns = record.iter().enumerate().map(|(at, name)| (header(name), at)).collect();
                continue;
            }
            let cells: Vec<String> = record.iter().map(str::to_owned).collect();
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if cells.len() > columns.len() {
                return Err(fail(format!(
                    "line {line} has {} cells, the header {}. A quote is missing before it, or this is another table.",
                    cells.len(),
                    columns.len()
                )));
            }
            rows.push((line, cells));
        }
        for name in needed {
            if !columns.contains_key(&header(name)) {
                return Err(fail(format!(
                    "has no column {name}. Its first line must name the columns as the SSD does."
                )));
            }
        }
        Ok(Self { file: file.to_owned(), columns, rows })
    }

    /// The rows in order.
    pub fn rows(&self) -> impl Iterator<Item = TableRow<'_>> {
        self.rows.iter().map(|(line, cells)| TableRow { table: self, line: *line, cells })
    }

    /// How many rows hold something.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row holds anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl<'a> TableRow<'a> {
    /// A cell as it stands; empty where the column or cell is missing.
    #[must_use]
    pub fn cell(&self, column: &str) -> &'a str {
        let at = self.table.columns.get(&header(column));
        at.and_then(|at| self.cells.get(*at)).map_or("", String::as_str)
    }

    /// The whole row, to tell repeated ones from contradicting ones.
    #[must_use]
    pub fn cells(&self) -> &'a [String] {
        self.cells
    }

    /// Names of the columns in which two rows differ.
    #[must_use]
    pub fn differing(&self, other: &TableRow<'_>) -> Vec<String> {
        let differs = |at: usize| self.cells.get(at).map(|c| c.trim()) != other.cells.get(at).map(|c| c.trim());
        self.table.columns.iter().filter(|(_, at)| differs(**at)).map(|(name, _)| name.clone()).collect()
    }
}

/// Physical lines, counted here: after CR LF the reader's own count is one behind, as the LF is still
/// to be read.
struct Lines<'a> {
    text: &'a [u8],
    counted: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line that a record starting at or after `byte` begins on; asked in rising order.
    fn at(&mut self, byte: u64) -> u64 {
        let start = usize::try_from(byte).unwrap_or(self.text.len());
        let blank = self.text[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = &self.text[self.counted..start + blank];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.counted = start + blank;
        self.line
    }
}

fn header(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || *c == '_').flat_map(char::to_lowercase).collect()
}

fn decode(bytes: &[u8]) -> Option<String> {
    let (encoding, length): (&Encoding, usize) = match bytes {
        [0xEF, 0xBB, 0xBF, ..] => (UTF_8, 3),
        [0xFF, 0xFE, ..] => (UTF_16LE, 2),
        [0xFE, 0xFF, ..] => (UTF_16BE, 2),
        _ if std::str::from_utf8(bytes).is_ok() => (UTF_8, 0),
        _ => (WINDOWS_1252, 0),
    };
    let (text, had_errors) = encoding.decode_without_bom_handling(&bytes[length..]);
    let binary = text.chars().any(|c| c == '\0' || (c.is_control() && !matches!(c, '\n' | '\r' | '\t')));
    (!had_errors && !binary).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forenames(bytes: &[u8]) -> Vec<String> {
        let table = Table::read("t.csv", bytes, &["pers_forename"]).unwrap();
        table.rows().map(|row| row.cell("pers_forename").to_owned()).collect()
    }

    #[test]
    fn every_encoding_and_delimiter_gives_the_same_names() {
        let text = "id,Pers_Forename \r\n1,Zoë\r\n";
        assert_eq!(forenames(text.as_bytes()), ["Zoë"]);
        assert_eq!(forenames(format!("\u{feff}{text}").as_bytes()), ["Zoë"]);
        assert_eq!(forenames(text.replace(',', ";").as_bytes()), ["Zoë"]);
        assert_eq!(forenames(text.replace(',', "\t").as_bytes()), ["Zoë"]);
        let utf16: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(forenames(&utf16), ["Zoë"]);
        assert_eq!(forenames(b"id,pers_forename\n1,Zo\xEB\n"), ["Zoë"]);
    }

    #[test]
    fn what_is_no_csv_is_refused_by_name_with_the_reason() {
        let error = Table::read("x.csv", b"\x7fELF\0\0\x01", &[]).unwrap_err();
        assert!(error.to_string().starts_with("x.csv: this is not a text file"), "{error}");
        let error = Table::read("x.csv", b"<html>hello</html>", &["pers_person_id"]).unwrap_err();
        assert!(error.to_string().contains("no column pers_person_id"), "{error}");
        let error = Table::read("x.csv", b"a,b\n1,2,3\n", &[]).unwrap_err();
        assert!(error.to_string().contains("line 2 has 3 cells"), "{error}");
    }

    #[test]
    fn lines_are_physical_even_after_a_quoted_line_break() {
        let table = Table::read("t.csv", b"a,b\n\"x\ny\",1\nz,2\n,,\n", &[]).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(table.rows().map(|row| row.line).collect::<Vec<_>>(), [2, 4]);
    }
}
