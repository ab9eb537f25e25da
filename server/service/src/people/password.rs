//! Passwords: what may be one, and their slow hash.

use crate::ids::random;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

/// The shortest password, in characters.
pub const SHORTEST: usize = 12;
/// The longest password, in characters: more says nothing and costs time.
const LONGEST: usize = 200;
/// So many may wait for their password to be checked; the next are told to come back. A check takes some 30 ms.
const QUEUE: usize = 32;

/// Hashes passwords, one at a time: whoever is signed in keeps the rest of the machine.
#[derive(Debug)]
pub(crate) struct Passwords {
    turn: Semaphore,
    waiting: AtomicUsize,
    /// A hash that no password fits.
    nobodys: OnceLock<String>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turn: Semaphore::new(1), waiting: AtomicUsize::new(0), nobodys: OnceLock::new() }
    }
}

impl Passwords {
    /// Whether so many wait already that the next one should come back later.
    pub fn is_busy(&self) -> bool {
        self.waiting.load(Ordering::Acquire) >= QUEUE
    }

    /// The hash that is kept of a password.
    pub async fn hash(&self, password: String) -> String {
        self.in_turn(move || hash(&password)).await
    }

    /// Whether a password is the one whose hash is kept. An account that does not exist costs the same time: its password is
    /// checked against nobody's.
    pub async fn is_right(&self, password: String, kept: Option<String>) -> bool {
        let nobodys = match self.nobodys.get() {
            Some(cached) => cached.clone(),
            None => {
                let made = self.in_turn(|| hash(&hex::encode(random::<32>()))).await;
                self.nobodys.get_or_init(|| made).clone()
            }
        };
        self.in_turn(move || {
            let fits = verify(&password, kept.as_deref().unwrap_or(&nobodys));
            fits && kept.is_some()
        })
        .await
    }

    /// Off the async threads: hashing is meant to be slow.
    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let _waiting = CountedWait::of(&self.waiting);
        let _turn = self.turn.acquire().await.expect("the semaphore is never closed");
        tokio::task::spawn_blocking(work).await.expect("hashing does not panic")
    }
}

/// Counts one who waits, also where they give up.
struct CountedWait<'a>(&'a AtomicUsize);

impl<'a> CountedWait<'a> {
    fn of(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(count)
    }
}

impl Drop for CountedWait<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Why a password may not be used, where it may not. `own` is what others know of its person: name, address, council.
///
/// # Errors
/// A message for its person: too short, too long, common, or made of what is known of them.
pub fn usable(password: &str, own: &[&str]) -> Result<(), String> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(format!(
            "The password has {length} characters; use {SHORTEST} or more. Three or four words do well."
        ));
    }
    if length > LONGEST {
        return Err(format!("The password has {length} characters; use {LONGEST} at most."));
    }
    let guessable: Vec<&str> = own
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().count() > 2)
        .chain(["caseround", "supervision", "safeguarding", "family"])
        .collect();
    if is_made_of(password, &guessable) {
        return Err("This password is made of your name, your address or this product’s words. Use three or four words that have nothing to do with each other or with you.".to_owned());
    }
    let found = zxcvbn(password, &guessable);
    if found.score() >= Score::Three {
        return Ok(());
    }
    let why = found.feedback().and_then(|feedback| feedback.warning()).map(|why| format!(" {why}")).unwrap_or_default();
    Err(format!(
        "This password is easy to guess.{why} Use three or four words that have nothing to do with each other or with you."
    ))
}

/// So many letters a password has beside what others know of its person.
const OWN_LETTERS: usize = 6;

/// Whether a password holds words that are guessed first, and few letters beside them.
fn is_made_of(password: &str, guessable: &[&str]) -> bool {
    let whole: String = password.to_lowercase().chars().filter(|letter| letter.is_alphabetic()).collect();
    let mut left = whole.clone();
    let mut words: Vec<String> = guessable.iter().map(|word| word.to_lowercase()).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in words {
        left = left.replace(&word, "");
    }
    // One of digits and signs alone is judged by what it is.
    left.len() < whole.len() && left.chars().count() < OWN_LETTERS
}

fn argon() -> Argon2<'static> {
    // OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
    let params = Params::new(19 * 1024, 2, 1, None).expect("these parameters are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &str) -> String {
    let salt = SaltString::encode_b64(&random::<16>()).expect("sixteen bytes are a salt");
    argon().hash_password(password.as_bytes(), &salt).expect("a salt and parameters in range").to_string()
}

fn verify(password: &str, against: &str) -> bool {
    PasswordHash::new(against).is_ok_and(|parsed| argon().verify_password(password.as_bytes(), &parsed).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_only_its_own_account() {
        let passwords = Passwords::default();
        let kept = passwords.hash("correct horse battery".to_owned()).await;
        assert!(passwords.is_right("correct horse battery".to_owned(), Some(kept.clone())).await);
        assert!(!passwords.is_right("correct horse".to_owned(), Some(kept)).await);
        assert!(!passwords.is_right("correct horse battery".to_owned(), None).await);
        let nobodys = passwords.nobodys.get().cloned();
        assert!(!passwords.is_right("another one".to_owned(), None).await);
        assert_eq!(passwords.nobodys.get().cloned(), nobodys, "one hash for all accounts that do not exist");
        assert!(!passwords.is_busy());
    }

    #[test]
    fn what_is_easy_to_guess_is_refused_with_the_reason() {
        let own = ["Zara Northlight", "zara.northlight@council.example"];
        for (password, says) in [
            ("quiet", "has 5 characters; use 12"),
            ("aaaaaaaaaaaa", "easy to guess"),
            ("password1234", "easy to guess"),
            ("zaranorthlight", "made of your name"),
            ("Zara Northlight", "made of your name"),
            ("zara northlight 1!", "made of your name"),
            ("zara.northlight@council.example", "made of your name"),
            ("council.northlight.2026", "made of your name"),
            ("Northlight2026", "made of your name"),
            ("family safeguarding", "made of your name"),
            ("zara northlight east", "made of your name"),
            ("qwertyuiop12", "easy to guess"),
            ("caseround2026", "made of your name"),
        ] {
            let refused = usable(password, &own).unwrap_err();
            assert!(refused.contains(says), "{password}: {refused}");
        }
        assert!(usable(&"plum kettle ".repeat(30), &own).unwrap_err().contains("200 at most"));
        for good in ["plum kettle orbit", "wrth-y-tân-gyda-llyfr", "hX7!qpo2-Lm9z", "7Q!29#4k81$3%6"] {
            assert_eq!(usable(good, &own), Ok(()), "{good}");
        }
    }
}
