//! Files in one zip archive.

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// Packs files in their order. One content makes one archive: there is no time of its making in it.
pub(crate) fn pack<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> Result<Vec<u8>, String> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = options();
    for (name, content) in files {
        archive.start_file(name, options).map_err(|error| error.to_string())?;
        archive.write_all(content).map_err(|error| error.to_string())?;
    }
    Ok(archive.finish().map_err(|error| error.to_string())?.into_inner())
}

/// Packs files as they come, into something that need not hold more than a file at a time.
pub(crate) fn stream(files: &mut dyn Iterator<Item = (String, Vec<u8>)>, out: &mut dyn Write) -> Result<(), String> {
    let mut archive = zip::ZipWriter::new_stream(out);
    for (name, content) in files {
        archive.start_file(name, options()).map_err(|error| error.to_string())?;
        archive.write_all(&content).map_err(|error| error.to_string())?;
    }
    archive.finish().map_err(|error| error.to_string())?;
    Ok(())
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
}
