//! A text's records, one after the other. A record that its own mistakes would spread over others, or over too many cells, is
//! put right where that is sure, and marked where it is not.

use csv::{ReaderBuilder, StringRecord};

/// One record, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvRecord {
    /// Physical line that it begins on; the first is 1.
    pub line: u64,
    /// Where it begins and ends, in bytes of the text.
    pub bytes: std::ops::Range<usize>,
    /// Its cells.
    pub cells: StringRecord,
    /// What is odd about it.
    pub odd: Option<OddRecord>,
}

/// What is odd about a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OddRecord {
    /// Its cells were found by putting a cell of JSON together again.
    Joined,
    /// A quote is opened in it and never closed; it was read without quotes.
    OpenQuote,
    /// It has more cells than the header: which is which is not known.
    TooMany,
    /// It is the last one, and breaks off.
    CutOff,
}

/// The records of a text.
pub struct Records<'t> {
    text: &'t str,
    delimiter: u8,
    /// How many cells the header has; 0 until it is read.
    width: usize,
    at: usize,
    line: u64,
    reader: csv::Reader<&'t [u8]>,
    /// Where in the text the reader began.
    began: usize,
}

impl<'t> Records<'t> {
    /// From the beginning.
    pub fn new(text: &'t str, delimiter: u8) -> Self {
        Self { text, delimiter, width: 0, at: 0, line: 1, reader: reader(text, delimiter, true), began: 0 }
    }

    /// The record that begins at a place of a text with a header of so many cells. What follows it is there to be read: how far
    /// a quote reaches depends on it.
    pub fn at(text: &'t str, delimiter: u8, width: usize, begins: usize) -> Option<CsvRecord> {
        let mut records = Records { width, ..Records::new(&text[begins..], delimiter) };
        let record = records.next()?;
        Some(CsvRecord { bytes: begins + record.bytes.start..begins + record.bytes.end, ..record })
    }

    fn restart(&mut self, at: usize) {
        self.reader = reader(&self.text[at..], self.delimiter, true);
        self.began = at;
    }

    /// The end of the physical line that a place is on, with its line break.
    fn end_of_line(&self, from: usize) -> usize {
        self.text[from..].find('\n').map_or(self.text.len(), |at| from + at + 1)
    }

    /// One physical line, read without regard to a quote that would lead on to the next.
    fn one_line(&self, line: &str) -> (StringRecord, OddRecord) {
        if let Some(cells) = self.joined(line) {
            return (cells, OddRecord::Joined);
        }
        let read = [true, false].map(|quoting| first(line, self.delimiter, quoting).unwrap_or_default());
        let exact = read.iter().find(|cells| cells.len() == self.width);
        let fits = exact.or_else(|| read.iter().find(|cells| cells.len() < self.width)).cloned();
        let [quoted, _] = read;
        fits.map_or((quoted, OddRecord::TooMany), |cells| (cells, OddRecord::OpenQuote))
    }

    /// A line with cells of JSON that have no quotes around them: right only where it then has as many cells as the header.
    fn joined(&self, line: &str) -> Option<StringRecord> {
        let cells = first(&with_json_quoted(line, self.delimiter)?, self.delimiter, true)?;
        (cells.len() == self.width).then_some(cells)
    }

    /// A record as it is meant, where it ends, and what is odd about it.
    fn meant(&self, start: usize, cells: StringRecord, end: usize) -> (StringRecord, usize, Option<OddRecord>) {
        if self.width == 0 {
            return (cells, end, None);
        }
        let line_end = self.end_of_line(start);
        // Where others of the file's records are in it, the line after its first is one.
        if end > line_end && (cells.len() != self.width || is_badly_quoted(&self.text[start..end], self.delimiter)) {
            let next = first(&self.text[line_end..self.end_of_line(line_end)], self.delimiter, true);
            if next.is_some_and(|next| next.len() == self.width) {
                let (cells, odd) = self.one_line(self.text[start..line_end].trim_end_matches(['\r', '\n']));
                return (cells, line_end, Some(odd));
            }
        }
        let apart = |cell: &str| cell.trim_start().starts_with(['{', '[']) && end_of_json(cell).is_none();
        if cells.len() > self.width || cells.iter().any(apart) {
            let joined = self.joined(self.text[start..end].trim_end_matches(['\r', '\n']));
            if let Some(cells) = joined {
                return (cells, end, Some(OddRecord::Joined));
            }
        }
        if cells.len() > self.width {
            return match cells.iter().skip(self.width).all(|cell| cell.trim().is_empty()) {
                true => (cells.iter().take(self.width).collect(), end, None),
                false => (cells, end, Some(OddRecord::TooMany)),
            };
        }
        let short = cells.len() < self.width && cells.iter().any(|cell| !cell.trim().is_empty());
        let cut = short && end == self.text.len() && !self.text.ends_with(['\r', '\n']);
        (cells, end, cut.then_some(OddRecord::CutOff))
    }
}

impl Iterator for Records<'_> {
    type Item = CsvRecord;

    fn next(&mut self) -> Option<CsvRecord> {
        let mut cells = StringRecord::new();
        // Text is UTF-8 already and rows may have any width: nothing else can fail.
        if !self.reader.read_record(&mut cells).ok()? {
            return None;
        }
        let place = |byte: u64| self.began + usize::try_from(byte).unwrap_or(self.text.len());
        let from = cells.position().map_or(self.at, |position| place(position.byte()));
        // After CR LF the reader's place is before the LF.
        let breaks = self.text[from..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let (start, end) = (from + breaks, place(self.reader.position().byte()));
        let (cells, stop, odd) = self.meant(start, cells, end);
        if stop != end {
            self.restart(stop);
        }
        self.line += self.text.as_bytes()[self.at..start].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = start;
        if self.width == 0 && cells.iter().any(|cell| !cell.trim().is_empty()) {
            self.width = cells.len();
        }
        Some(CsvRecord { line: self.line, bytes: start..stop, cells, odd })
    }
}

fn reader(text: &str, delimiter: u8, quoting: bool) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .quoting(quoting)
        .from_reader(text.as_bytes())
}

fn first(line: &str, delimiter: u8, quoting: bool) -> Option<StringRecord> {
    reader(line, delimiter, quoting).records().next()?.ok()
}

/// Whether a quote in a record closes before the end of its cell, as one that was never meant to open does.
fn is_badly_quoted(record: &str, delimiter: u8) -> bool {
    let bytes = record.as_bytes();
    let (mut quoted, mut begins, mut at) = (false, true, 0);
    while let Some(byte) = bytes.get(at) {
        match (*byte, quoted) {
            (b'"', true) => match bytes.get(at + 1) {
                Some(b'"') => at += 1,
                Some(next) if *next != delimiter && !matches!(next, b'\r' | b'\n') => return true,
                Some(_) | None => quoted = false,
            },
            (b'"', false) => quoted = begins,
            _ => {}
        }
        begins = !quoted && (*byte == delimiter || *byte == b'\n');
        at += 1;
    }
    quoted
}

/// A line with quotes around its cells of JSON that have none; `None` where there is no such cell.
fn with_json_quoted(line: &str, delimiter: u8) -> Option<String> {
    let (mut written, mut rest, mut found) = (String::with_capacity(line.len() + 8), line, false);
    loop {
        let end = match rest.trim_start().chars().next() {
            Some('{' | '[') => end_of_json(rest)?,
            Some('"') => end_of_quoted(rest),
            Some(_) | None => rest.find(char::from(delimiter)).unwrap_or(rest.len()),
        };
        let cell = &rest[..end];
        if cell.trim_start().starts_with(['{', '[']) {
            found = true;
            written.push('"');
            written.push_str(&cell.replace('"', "\"\""));
            written.push('"');
        } else {
            written.push_str(cell);
        }
        match rest[end..].strip_prefix(char::from(delimiter)) {
            Some(after) => {
                written.push(char::from(delimiter));
                rest = after;
            }
            None if rest[end..].is_empty() => return found.then_some(written),
            None => return None,
        }
    }
}

/// Where the brackets that a cell of JSON begins with are closed.
fn end_of_json(cell: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_u32, false, false);
    for (at, letter) in cell.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            '{' | '[' if !in_string => depth += 1,
            '}' | ']' if !in_string => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + letter.len_utf8());
                }
            }
            _ => {}
        }
    }
    None
}

/// Where a quoted cell ends.
fn end_of_quoted(cell: &str) -> usize {
    let opens = cell.find('"').unwrap_or(0);
    let mut letters = cell[opens + 1..].char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '"' && letters.next_if(|(_, next)| *next == '"').is_none() {
            return opens + 1 + at + 1;
        }
    }
    cell.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line, cells and oddity of each record.
    fn records(text: &str) -> Vec<(u64, Vec<String>, Option<OddRecord>)> {
        let of = |record: CsvRecord| (record.line, record.cells.iter().map(str::to_owned).collect(), record.odd);
        Records::new(text, b',').map(of).collect()
    }

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn a_quoted_line_break_is_part_of_its_cell_and_lines_are_physical() {
        for newline in ["\n", "\r\n"] {
            let text = ["a,b", "\"x", "y\",1", "z,2", ""].join(newline);
            let read = records(&text);
            assert_eq!(read.iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [1, 2, 4], "{newline:?}");
            assert_eq!(read[1].1, cells(&[&format!("x{newline}y"), "1"]));
            assert!(read.iter().all(|(.., odd)| odd.is_none()));
        }
    }

    #[test]
    fn json_that_commas_took_apart_is_put_together_again() {
        let read = records(
            "id,json,on\n1,{\"a\":\"b\",\"c\":[\"d\",\"e\"]},2026\n2,\"{\"\"a\"\":1}\",2025\n3,[\"1A\",\"2B\"],\n",
        );
        assert_eq!(read[1], (2, cells(&["1", "{\"a\":\"b\",\"c\":[\"d\",\"e\"]}", "2026"]), Some(OddRecord::Joined)));
        assert_eq!(read[2], (3, cells(&["2", "{\"a\":1}", "2025"]), None));
        assert_eq!(read[3], (4, cells(&["3", "[\"1A\",\"2B\"]", ""]), Some(OddRecord::Joined)));
    }

    #[test]
    fn a_record_with_too_many_cells_is_marked_and_the_others_stay() {
        let read = records("a,b\n1,2,3\n4,5\n6,7,,\n");
        assert_eq!(read[1], (2, cells(&["1", "2", "3"]), Some(OddRecord::TooMany)));
        assert_eq!(read[2], (3, cells(&["4", "5"]), None));
        assert_eq!(read[3], (4, cells(&["6", "7"]), None), "empty cells at the end are nobody's");
    }

    #[test]
    fn a_quote_that_is_never_closed_swallows_no_other_record() {
        let read = records("a,b,c\n1,\"Ann,x\n2,Ben,y\n3,\"Cy\",z\n4,Di,\"w\n");
        let names: Vec<&str> = read.iter().map(|(_, cells, _)| cells[1].trim_matches('"')).collect();
        assert_eq!(names, ["b", "Ann", "Ben", "Cy", "Di"]);
        assert_eq!(read[1].2, Some(OddRecord::OpenQuote));
        assert_eq!(read.iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_last_record_that_breaks_off_is_marked() {
        assert_eq!(records("a,b,c\n1,2,3\n4,5").last().unwrap().2, Some(OddRecord::CutOff));
        assert_eq!(records("a,b,c\n1,2,3\n4,5,6").last().unwrap().2, None);
        assert_eq!(records("a,b,c\n1,2\n4,5\n").last().unwrap().2, None, "short, as Excel writes rows");
    }
}
