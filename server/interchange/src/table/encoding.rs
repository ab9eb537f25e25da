//! Which text a file's bytes are. The whole file decides, not its first odd byte.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// A file's text, and where in it something was put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'b> {
    /// The text, without a byte-order mark and without control characters.
    pub text: Cow<'b, str>,
    /// Where something odd stood, in bytes of the text.
    pub odd: Vec<(usize, Oddity)>,
}

/// What is odd at a place of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// A byte that is none of the file's encoding. It was read as Windows writes it.
    Byte,
    /// A control character. It became a space.
    Control,
}

/// What a file is that is no text, with the remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// An Excel workbook, or another archive.
    #[error("this is an Excel workbook or an archive. Save each sheet as CSV in UTF-8 and try again.")]
    Workbook,
    /// A PDF.
    #[error("this is a PDF. Export the table as CSV in UTF-8 and try again.")]
    Pdf,
    /// Anything else.
    #[error("this is not a text file. Export the table as CSV in UTF-8 and try again.")]
    Other,
}

/// More control characters than one in so many letters, and a file is no text.
const LETTERS_FOR_A_CONTROL: usize = 100;

/// Reads bytes as text: by their byte-order mark; else as UTF-16 where every second byte is zero; else as UTF-8 where more
/// letters are right in it than bytes are wrong; else as Windows-1252.
///
/// # Errors
/// What the file is instead.
pub fn decode(bytes: &[u8]) -> Result<Decoded<'_>, NotText> {
    match bytes {
        [b'P', b'K', 3, 4, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..] => return Err(NotText::Workbook),
        [b'%', b'P', b'D', b'F', ..] => return Err(NotText::Pdf),
        _ => {}
    }
    let decoded = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        [0xFF, 0xFE, rest @ ..] => whole(UTF_16LE, rest),
        [0xFE, 0xFF, rest @ ..] => whole(UTF_16BE, rest),
        _ => match zeros(bytes) {
            Some(encoding) => whole(encoding, bytes),
            None => utf8(bytes),
        },
    };
    without_controls(decoded)
}

fn whole<'b>(encoding: &'static Encoding, bytes: &'b [u8]) -> Decoded<'b> {
    Decoded { text: encoding.decode_without_bom_handling(bytes).0, odd: Vec::new() }
}

/// UTF-16 without a byte-order mark: of the letters of a header one byte in two is zero.
fn zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(200) / 2 * 2];
    let zeros = |at: usize| head.iter().skip(at).step_by(2).filter(|byte| **byte == 0).count();
    let most = head.len() / 2 * 9 / 10;
    match (zeros(0), zeros(1)) {
        _ if head.is_empty() => None,
        (0, low) if low > most => Some(UTF_16LE),
        (high, 0) if high > most => Some(UTF_16BE),
        _ => None,
    }
}

fn utf8(bytes: &[u8]) -> Decoded<'_> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: Cow::Borrowed(text), odd: Vec::new() };
    }
    let (mut right, mut wrong) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        right += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        wrong += chunk.invalid().len();
    }
    if wrong >= right {
        return whole(WINDOWS_1252, bytes);
    }
    let (mut text, mut odd) = (String::with_capacity(bytes.len()), Vec::new());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            odd.push((text.len(), Oddity::Byte));
            text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
        }
    }
    Decoded { text: Cow::Owned(text), odd }
}

fn without_controls(decoded: Decoded<'_>) -> Result<Decoded<'_>, NotText> {
    let is_control = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
    let controls = decoded.text.chars().filter(|letter| is_control(*letter)).count();
    if controls == 0 {
        return Ok(decoded);
    }
    if controls > decoded.text.len() / LETTERS_FOR_A_CONTROL + 1 {
        return Err(NotText::Other);
    }
    let Decoded { text, mut odd } = decoded;
    // A control character of two bytes becomes two spaces, so that what stands after it stays where it is.
    let mut clean = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_control(letter) {
            odd.push((clean.len(), Oddity::Control));
            (0..letter.len_utf8()).for_each(|_| clean.push(' '));
        } else {
            clean.push(letter);
        }
    }
    odd.sort_by_key(|(at, _)| *at);
    Ok(Decoded { text: Cow::Owned(clean), odd })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, Vec<Oddity>) {
        let decoded = decode(bytes).unwrap();
        (decoded.text.into_owned(), decoded.odd.into_iter().map(|(_, what)| what).collect())
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "id,name\n1,Zoë\n";
        let utf16 = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        let with = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            with(&[0xEF, 0xBB, 0xBF], text.as_bytes().to_vec()),
            with(&[0xFF, 0xFE], utf16(u16::to_le_bytes)),
            with(&[0xFE, 0xFF], utf16(u16::to_be_bytes)),
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
            b"id,name\n1,Zo\xEB\n".to_vec(),
        ] {
            assert_eq!(read(&bytes), (text.to_owned(), Vec::new()), "{bytes:?}");
        }
    }

    #[test]
    fn one_odd_byte_does_not_decide_for_the_file() {
        let bytes = [b"Zo\xC3\xAB,Ren\xC3\xA9e,".as_slice(), b"Andr\xE9"].concat();
        let decoded = decode(&bytes).unwrap();
        assert_eq!(decoded.text, "Zoë,Renée,André");
        assert_eq!(decoded.odd, [("Zoë,Renée,Andr".len(), Oddity::Byte)]);
        // As many bytes wrong as letters right: Windows wrote it.
        assert_eq!(read(b"Andr\xE9,\xC3\xAB").0, "André,Ã«");
    }

    #[test]
    fn a_control_character_becomes_a_space_and_many_are_no_text() {
        let line = "a long line of a file with a comment in it, as people write them in case systems".repeat(5);
        let text = format!("{line}\u{b}more\u{85}still\u{c}");
        assert_eq!(read(text.as_bytes()), (format!("{line} more  still "), vec![Oddity::Control; 3]));
        assert_eq!(decode(b"\x7fELF\0\0\x01"), Err(NotText::Other));
        assert_eq!(decode(b"PK\x03\x04\0\0"), Err(NotText::Workbook));
        assert_eq!(decode(b"%PDF-1.7"), Err(NotText::Pdf));
        assert_eq!(read(b""), (String::new(), Vec::new()));
    }
}
