//! A folder on a disk, for case systems that take attachments: one folder per child with PDF and JSON, and a list
//! of receipts to tick.

use super::{Handed, Parcel, Target, neutral};
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Such a folder.
#[derive(Debug)]
pub struct Folder {
    name: String,
    path: PathBuf,
}

impl Folder {
    /// `path` is made where it does not exist.
    #[must_use]
    pub fn new(name: &str, path: &Path) -> Self {
        Self { name: name.to_owned(), path: path.to_owned() }
    }

    fn put(&self, parcel: &Parcel) -> io::Result<String> {
        let sealed = &parcel.sealed;
        // No name of a person in a file's name: the council's number, or ours where it has none.
        let child = folder_of(&sealed.child_number).unwrap_or_else(|| sealed.child.to_string());
        let folder = self.path.join(&child);
        fs::create_dir_all(&folder)?;
        let stem = format!("{}-{}-v{}", sealed.record.held_on, &sealed.record.id.to_string()[24..], sealed.version);
        let json = serde_json::to_vec_pretty(&neutral(parcel)).expect("records are plain data");
        whole(&folder.join(format!("{stem}.json")), &json)?;
        if let Ok(pdf) = &parcel.pdf {
            whole(&folder.join(format!("{stem}.pdf")), pdf)?;
        }
        let (delivery, signed_at) =
            (parcel.delivery.to_string(), sealed.signed_at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        add_receipt(&self.path.join("receipts.csv"), [&delivery, &child, &stem, &signed_at, ""])?;
        Ok(match &parcel.pdf {
            Ok(_) => format!("{child}/{stem}.pdf"),
            Err(reason) => format!("{child}/{stem}.json; the PDF could not be made: {reason}"),
        })
    }
}

/// The folder of a child's number; `None` where there is no number. Two numbers never share one, also where case does
/// not count: what is no digit or small letter is written as its code.
fn folder_of(number: &str) -> Option<String> {
    if number.is_empty() {
        return None;
    }
    let mut name = String::new();
    for byte in number.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' => name.push(char::from(byte)),
            _ => name.push_str(&format!("_{byte:02x}")),
        }
    }
    // Longer names than a file system takes end in a hash of the whole.
    if name.len() > LONGEST {
        let hash = Sha256::digest(number.as_bytes());
        let ending = hex::encode(&hash[..8]);
        name.truncate(LONGEST - ending.len() - 2);
        name.push_str("__");
        name.push_str(&ending);
    }
    Some(name)
}

/// The longest name of a folder.
const LONGEST: usize = 120;

/// The columns of the receipts.
const COLUMNS: [&str; 5] = ["delivery", "child", "file", "signed_at", "attached_by"];

/// Writes a delivery's line once, after the heading where the file is new. The file is read as bytes: a spreadsheet may
/// have saved it in another encoding.
fn add_receipt(receipts: &Path, line: [&str; 5]) -> io::Result<()> {
    let existing = match fs::read(receipts) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    if existing.contains(line[0]) {
        return Ok(());
    }
    let mut written = csv::Writer::from_writer(Vec::new());
    if existing.is_empty() {
        written.write_record(COLUMNS)?;
    }
    written.write_record(line)?;
    let written = written.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    let mut file = OpenOptions::new().create(true).append(true).open(receipts)?;
    file.write_all(&written)?;
    file.sync_all()
}

/// A file is there whole, or not at all.
fn whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let half = path.with_extension("part");
    let mut file = File::create(&half)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&half, path)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

impl Target for Folder {
    fn name(&self) -> &str {
        &self.name
    }

    fn hand_over(&self, parcel: &Parcel) -> Handed {
        match self.put(parcel) {
            Ok(place) => Handed::Landed(format!("written to {place}")),
            Err(error) => Handed::NotYet(format!("{}: {error}", self.path.display())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_written_once_also_into_a_file_that_is_not_utf_8() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("receipts.csv");
        fs::write(&file, b"delivery,child,file,signed_at,attached_by\nd1,123,a,2026-11-24,Si\xf4n\n").unwrap();
        for delivery in ["d1", "d2", "d2"] {
            add_receipt(&file, [delivery, "124", "b", "", ""]).unwrap();
        }
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        assert_eq!(text.lines().count(), 3, "{text}");
    }

    #[test]
    fn each_child_has_a_folder_of_their_own() {
        let long = "9".repeat(300);
        let numbers =
            ["12-3", "123", "A1", "a1", "a_31", "1/2", "1.2", "..", "_", "_5f", "ŵ", long.as_str(), &long[1..]];
        let folders: std::collections::BTreeSet<String> =
            numbers.iter().map(|number| folder_of(number).unwrap().to_lowercase()).collect();
        assert_eq!(folders.len(), numbers.len(), "{folders:?}");
        assert!(folders.iter().all(|name| name.len() <= LONGEST && !name.contains(['/', '.'])));
        assert_eq!(folder_of(""), None);
    }
}
