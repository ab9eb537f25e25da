//! A folder on a disk, for case systems that take attachments: one folder per child with PDF and JSON, and a list
//! of receipts to tick.

use super::{Handed, Parcel, Target, neutral};
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
        let child: String = sealed.child_number.chars().filter(char::is_ascii_alphanumeric).collect();
        let child = if child.is_empty() { sealed.child.to_string() } else { child };
        let folder = self.path.join(&child);
        fs::create_dir_all(&folder)?;
        let stem = format!("{}-{}-v{}", sealed.record.held_on, &sealed.record.id.to_string()[24..], sealed.version);
        let json = serde_json::to_vec_pretty(&neutral(parcel)).expect("records are plain data");
        whole(&folder.join(format!("{stem}.json")), &json)?;
        whole(&folder.join(format!("{stem}.pdf")), &parcel.pdf)?;
        let receipts = self.path.join("receipts.csv");
        let line = format!("{},{child},{stem},{},\n", parcel.delivery, sealed.signed_at.format("%Y-%m-%dT%H:%M:%SZ"));
        let known = fs::read_to_string(&receipts).unwrap_or_default();
        if !known.contains(&parcel.delivery.to_string()) {
            let mut file = OpenOptions::new().create(true).append(true).open(&receipts)?;
            if known.is_empty() {
                file.write_all(b"delivery,child,file,signed_at,attached_by\n")?;
            }
            file.write_all(line.as_bytes())?;
            file.sync_all()?;
        }
        Ok(format!("{child}/{stem}.pdf"))
    }
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
