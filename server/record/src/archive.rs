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
pub(crate) fn stream(
    files: &mut dyn Iterator<Item = Result<(String, Vec<u8>), String>>, out: &mut dyn Write,
) -> Result<(), String> {
    let mut archive = zip::ZipWriter::new_stream(out);
    let pack_all = || {
        for file in files {
            let (name, content) = file?;
            archive.start_file(name, options()).map_err(|error| error.to_string())?;
            archive.write_all(&content).map_err(|error| error.to_string())?;
        }
        Ok(())
    };
    let packed: Result<(), String> = pack_all();
    if packed.is_err() {
        // Dropped, it would write the end that makes a part look whole.
        std::mem::forget(archive);
        return packed;
    }
    archive.finish().map_err(|error| error.to_string())?;
    Ok(())
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
}
