//! One CSV file as councils write it: any encoding, delimiter, quoting, order of columns. What is wrong with a cell or a row is
//! that cell's or row's; a file is refused only where it is not the table that it should be.

mod dates;
mod encoding;
mod records;

use crate::mapping::{DateOrder, Mapping};
use csv::StringRecord;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use dates::DateStyles;
pub use dates::{DateCell, DateStyle};
pub use encoding::Oddity;
pub use records::OddRecord;
use records::{CsvRecord, Records};

/// A file whose rows can be read, as often as one likes.
#[derive(Debug)]
pub struct Table<'b> {
    /// File name, for messages.
    pub file: String,
    text: Cow<'b, str>,
    odd: Vec<(usize, Oddity)>,
    delimiter: u8,
    /// Where each column stands, by its name as [`header`] writes it.
    columns: HashMap<String, usize>,
    names: StringRecord,
    mapping: &'b Mapping,
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

/// One row.
#[derive(Debug, Clone)]
pub struct TableRow<'t> {
    table: &'t Table<'t>,
    record: CsvRecord,
}

/// In a file where more rows in a hundred than so many have too many cells, the header is not theirs.
const TOO_MANY_IN_A_HUNDRED: usize = 20;

impl<'b> Table<'b> {
    /// Reads a file's header and looks at its rows.
    ///
    /// # Errors
    /// Where the bytes are no text, one of the columns `needed` is missing, or the rows have not the header's cells.
    pub fn read(file: &str, bytes: &'b [u8], needed: &[&str], mapping: &'b Mapping) -> Result<Self, TableError> {
        let fail = |why: String| TableError { file: file.to_owned(), why };
        let encoding::Decoded { mut text, odd } = encoding::decode(bytes).map_err(|error| fail(error.to_string()))?;
        // Excel says in a line of its own which delimiter it takes. It becomes a blank line, so that lines are counted right.
        if text.starts_with("sep=") {
            let end = text.find(['\r', '\n']).unwrap_or(text.len());
            text.to_mut().replace_range(..end, &" ".repeat(end));
        }
        let of = |delimiter: u8| {
            let names = Records::new(&text, delimiter)
                .map(|record| record.cells)
                .find(|cells| !is_blank(cells))
                .unwrap_or_default();
            let is_there = |name: &&&str| names.iter().any(|cell| header(cell) == header(mapping.column(name)));
            let found = needed.iter().filter(is_there).count();
            (found, names.len(), delimiter, names)
        };
        let best = [b'|', b'\t', b';', b','].map(of).into_iter().max_by_key(|(found, cells, ..)| (*found, *cells));
        let Some((_, _, delimiter, names)) = best else { return Err(fail("is empty.".to_owned())) };
        let mut columns = HashMap::new();
        for (at, name) in names.iter().enumerate() {
            columns.entry(header(name)).or_insert(at);
        }
        for (column, name) in &mapping.columns {
            if let Some(at) = columns.get(&header(name)).copied() {
                columns.insert(header(column), at);
            }
        }
        let table = Self { file: file.to_owned(), text, odd, delimiter, columns, names, mapping };
        if let Some(name) = needed.iter().find(|name| !table.has(name)) {
            return Err(fail(format!(
                "has no column {name}. Its first line must name the columns as the SSD does, or a mapping must say what they \
                 are called: see “caseround import map”."
            )));
        }
        table.fits().map_err(fail)?;
        Ok(table)
    }

    /// Whether the rows are the header's.
    fn fits(&self) -> Result<(), String> {
        let (mut rows, mut wrong, mut first) = (0, 0, None);
        for row in self.rows() {
            rows += 1;
            if row.odd() == Some(OddRecord::TooMany) {
                wrong += 1;
                first.get_or_insert((row.line(), row.record.cells.len()));
            }
        }
        match first {
            Some((line, cells)) if wrong * 100 > rows * TOO_MANY_IN_A_HUNDRED => Err(format!(
                "{wrong} of {rows} rows have more cells than the header has ({}), the first of them in line {line} ({cells}). \
                 Export it again with a text qualifier, or check that the header is this table's.",
                self.names.len()
            )),
            _ => Ok(()),
        }
    }

    /// Whether the file has a column.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(&header(column))
    }

    /// The names of its columns, as they are written.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(str::trim).filter(|name| !name.is_empty())
    }

    /// The rows that hold something, in order. Headers that are repeated and lines of dashes are none.
    pub fn rows(&self) -> impl Iterator<Item = TableRow<'_>> {
        let filled = Records::new(&self.text, self.delimiter).filter(|record| !is_blank(&record.cells));
        // The first is the header.
        let records = filled.skip(1).filter(|record| !self.is_decoration(&record.cells));
        records.map(|record| TableRow { table: self, record })
    }

    /// The row that stands at a place which [`TableRow::place`] gave.
    #[must_use]
    pub fn row_at(&self, (line, bytes): (u64, Range<usize>)) -> Option<TableRow<'_>> {
        let record = Records::at(&self.text, self.delimiter, self.names.len(), bytes.start)?;
        Some(TableRow { table: self, record: CsvRecord { line, ..record } })
    }

    /// What programs write between rows: the header again, dashes under it, "(250 rows affected)".
    fn is_decoration(&self, cells: &StringRecord) -> bool {
        let dashes =
            || cells.iter().all(|cell| !cell.trim().is_empty() && cell.trim().bytes().all(|byte| byte == b'-'));
        let counted = || cells.len() == 1 && cells[0].trim().starts_with('(') && cells[0].contains("affected");
        *cells == self.names || dashes() || counted()
    }

    /// How the dates of columns are written.
    #[must_use]
    pub fn date_styles<'c>(&self, columns: &[&'c str]) -> HashMap<&'c str, DateStyle> {
        let mut counted: Vec<(&str, DateStyles)> =
            columns.iter().map(|column| (*column, DateStyles::default())).collect();
        if columns.iter().any(|column| self.has(column)) {
            for row in self.rows().filter(TableRow::is_whole) {
                counted.iter_mut().for_each(|(column, styles)| styles.count(row.cell(column)));
            }
        }
        let said = |column: &str| match self.mapping.dates.get(column)? {
            DateOrder::DayFirst => Some(DateStyle::DayFirst),
            DateOrder::MonthFirst => Some(DateStyle::MonthFirst),
        };
        counted.into_iter().map(|(column, styles)| (column, said(column).unwrap_or(styles.decided()))).collect()
    }
}

impl<'t> TableRow<'t> {
    /// A cell as it stands; empty where the column or cell is missing.
    #[must_use]
    pub fn cell(&self, column: &str) -> &str {
        let at = self.table.columns.get(column);
        let cell = at.and_then(|at| self.record.cells.get(*at)).unwrap_or_default();
        self.table.mapping.value(column, cell).unwrap_or(cell)
    }

    /// Whether the file has the column and the row the cell: what is not there says nothing.
    #[must_use]
    pub fn tells(&self, column: &str) -> bool {
        self.table.columns.get(column).is_some_and(|at| *at < self.record.cells.len())
    }

    /// Physical line; the header is 1.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.record.line
    }

    /// Where it stands, for [`Table::row_at`].
    #[must_use]
    pub fn place(&self) -> (u64, Range<usize>) {
        (self.record.line, self.record.bytes.clone())
    }

    /// What is odd about the row.
    #[must_use]
    pub const fn odd(&self) -> Option<OddRecord> {
        self.record.odd
    }

    /// Whether it is sure which cell is which.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        !matches!(self.record.odd, Some(OddRecord::TooMany | OddRecord::CutOff))
    }

    /// What was put right in its text.
    pub fn oddities(&self) -> impl Iterator<Item = Oddity> + '_ {
        let odd = &self.table.odd;
        let from = odd.partition_point(|(at, _)| *at < self.record.bytes.start);
        odd[from..].iter().take_while(|(at, _)| *at < self.record.bytes.end).map(|(_, what)| *what)
    }

    /// Whether two rows hold the same.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.record.cells == other.record.cells
    }

    /// Names of the columns in which two rows differ.
    #[must_use]
    pub fn differing(&self, other: &Self) -> Vec<String> {
        let cell = |row: &Self, at: usize| row.record.cells.get(at).unwrap_or_default().trim().to_owned();
        let names = self.table.names.iter().enumerate();
        names.filter(|(at, _)| cell(self, *at) != cell(other, *at)).map(|(_, name)| header(name)).collect()
    }
}

fn is_blank(cells: &StringRecord) -> bool {
    cells.iter().all(|cell| cell.trim().is_empty())
}

/// A column's name without case, spaces and brackets.
pub fn header(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric() || *letter == '_').flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// No mapping.
    const NONE: &Mapping = &Mapping {
        files: BTreeMap::new(),
        columns: BTreeMap::new(),
        values: BTreeMap::new(),
        disciplines: BTreeMap::new(),
        dates: BTreeMap::new(),
    };

    fn forenames(bytes: &[u8]) -> Vec<String> {
        let table = Table::read("t.csv", bytes, &["pers_forename"], NONE).unwrap();
        table.rows().map(|row| row.cell("pers_forename").to_owned()).collect()
    }

    #[test]
    fn every_encoding_and_delimiter_gives_the_same_names() {
        let text = "id,Pers_Forename \r\n1,Zoë\r\n";
        assert_eq!(forenames(text.as_bytes()), ["Zoë"]);
        assert_eq!(forenames(format!("\u{feff}{text}").as_bytes()), ["Zoë"]);
        for delimiter in [";", "\t", "|"] {
            assert_eq!(forenames(text.replace(',', delimiter).as_bytes()), ["Zoë"], "{delimiter:?}");
        }
        let utf16: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(forenames(&utf16), ["Zoë"]);
        assert_eq!(forenames(b"id,pers_forename\n1,Zo\xEB\n"), ["Zoë"]);
        assert_eq!(forenames(b"sep=;\r\n\nid;[pers_forename];\"note, long, with commas\"\n1;Ann;x\n"), ["Ann"]);
    }

    #[test]
    fn what_is_no_csv_is_refused_by_name_with_the_reason() {
        let error = |bytes: &[u8], needed: &[&str]| Table::read("x.csv", bytes, needed, NONE).unwrap_err().to_string();
        assert!(error(b"\x7fELF\0\0\x01", &[]).starts_with("x.csv: this is not a text file"));
        assert!(error(b"<html>hello</html>", &["pers_person_id"]).contains("no column pers_person_id"));
        assert!(error(b"", &["pers_person_id"]).contains("no column"));
        assert!(
            error(b"a,b\n1,2,3\n4,5,6\n7,8\n", &["a"]).contains("2 of 3 rows have more cells than the header has (2)")
        );
    }

    #[test]
    fn one_row_with_too_many_cells_is_marked_and_the_others_are_read() {
        let text = format!("a,b\n1,2,3\n{}", "4,5\n".repeat(9));
        let table = Table::read("t.csv", text.as_bytes(), &["a"], NONE).unwrap();
        let whole: Vec<bool> = table.rows().map(|row| row.is_whole()).collect();
        assert_eq!((whole.len(), whole.iter().filter(|whole| !**whole).count()), (10, 1));
    }

    /// How far the quote of the second row reaches depends on the third.
    #[test]
    fn a_row_is_read_again_as_it_was_read_first() {
        let text = b"a,b\n1,\"x\n2,\"No\r\r\"y,z\n3,4\n";
        let table = Table::read("t.csv", text, &["a"], NONE).unwrap();
        assert!(table.rows().count() > 1);
        for row in table.rows() {
            let again = table.row_at(row.place()).unwrap();
            assert!(again.is_like(&row) && again.place() == row.place() && again.odd() == row.odd(), "{row:?}");
        }
    }

    #[test]
    fn what_programs_write_between_rows_is_no_row() {
        let text = b"a,b\n---,---\n1,2\na,b\n,,\n3,4\n\n(2 rows affected)\n";
        let table = Table::read("t.csv", text, &["a"], NONE).unwrap();
        assert_eq!(table.rows().map(|row| row.line()).collect::<Vec<_>>(), [3, 6]);
    }

    #[test]
    fn what_was_put_right_in_a_row_is_that_rows() {
        let text = [b"a,b\nZo\xC3\xAB,\xC3\xA9\nAndr\xE9,x\n".as_slice(), &b"1,2\n".repeat(30)].concat();
        let table = Table::read("t.csv", &text, &["a"], NONE).unwrap();
        let odd: Vec<(u64, Oddity)> =
            table.rows().flat_map(|row| row.oddities().map(|what| (row.line(), what)).collect::<Vec<_>>()).collect();
        assert_eq!(odd, [(3, Oddity::Byte)]);
        let third = table.rows().nth(1).unwrap();
        assert_eq!(table.row_at(third.place()).unwrap().cell("a"), "André");
    }
}
