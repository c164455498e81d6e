//! Damage to a file, as a disk does it: random bytes over random pages.

use std::{
    fs::OpenOptions,
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

/// SQLite's page.
const PAGE: u64 = 4096;
/// Bytes that are written over a page.
const BYTES: usize = 64;

/// Random numbers from a seed that is not 0 (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// Writes 64 random bytes over `n` random pages of a file; answers which pages.
///
/// # Errors
/// Where the file cannot be written, or has no page.
pub fn pages(file: &Path, n: usize, seed: u64) -> io::Result<Vec<u64>> {
    let mut random = Random(seed | 1);
    let mut f = OpenOptions::new().read(true).write(true).open(file)?;
    let count = f.metadata()?.len() / PAGE;
    if count == 0 {
        return Err(io::Error::other("no page"));
    }
    let mut hit = Vec::with_capacity(n);
    for _ in 0..n {
        let page = random.next() % count;
        let at = page * PAGE + random.next() % (PAGE - BYTES as u64);
        let mut bytes = [0; BYTES];
        bytes.fill_with(|| random.next().to_le_bytes()[0]);
        f.seek(SeekFrom::Start(at))?;
        f.write_all(&bytes)?;
        hit.push(page);
    }
    f.sync_all()?;
    Ok(hit)
}

/// Fills a page with zeros.
///
/// # Errors
/// Where the file cannot be written.
pub fn zeros(file: &Path, page: u64) -> io::Result<()> {
    let mut f = OpenOptions::new().write(true).open(file)?;
    f.seek(SeekFrom::Start(page * PAGE))?;
    f.write_all(&[0; PAGE as usize])?;
    f.sync_all()
}

/// Makes what stands `after` bytes behind the n-th place of some words unreadable: bytes that are no text.
///
/// # Errors
/// Where the file cannot be written, or the words do not stand there so often.
pub fn garble(file: &Path, words: &[u8], after: u64, bytes: usize, n: usize) -> io::Result<()> {
    let all = std::fs::read(file)?;
    let places = all.windows(words.len()).enumerate();
    let mut places = places.filter(|(_, w)| *w == words).map(|(at, _)| at);
    let at = places
        .nth(n)
        .ok_or_else(|| io::Error::other("no such words"))? as u64
        + after;
    let mut f = OpenOptions::new().write(true).open(file)?;
    f.seek(SeekFrom::Start(at))?;
    f.write_all(&vec![0xFE; bytes])?;
    f.sync_all()
}

/// Cuts a file off after so many pages.
///
/// # Errors
/// Where the file cannot be written.
pub fn cut(file: &Path, pages: u64) -> io::Result<()> {
    let f = OpenOptions::new().write(true).open(file)?;
    f.set_len(pages * PAGE)?;
    f.sync_all()
}

/// Pages of a file.
///
/// # Errors
/// Where the file cannot be read.
pub fn count(file: &Path) -> io::Result<u64> {
    Ok(std::fs::metadata(file)?.len() / PAGE)
}

/// Whether a file holds some bytes anywhere.
///
/// # Errors
/// Where the file cannot be read.
pub fn holds(file: &Path, what: &[u8]) -> io::Result<bool> {
    let mut all = Vec::new();
    std::fs::File::open(file)?.read_to_end(&mut all)?;
    Ok(all.windows(what.len()).any(|w| w == what))
}
