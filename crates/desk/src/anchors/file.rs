//! The file of anchors in a folder that the institution named: one line an anchor, only ever added to.
//!
//! The program fixes the file's name, so that a setting cannot point it at another file, and takes only a plain file that
//! is empty or begins with its own first line.

use super::AnchorState;
use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// Begins the first line; the office's mark follows.
const FIRST: &str = "# Redress 记录锚点 ";
/// Says in the file what it is for.
const NOTE: &str = "# 每行：序号:指纹、时间。由程序追加，请勿改动；核对记录时逐行比对，可证明此前的记录没有改动过。";
/// Bytes of the file's end that may hold the newest line.
const END: u64 = 512;
/// Bytes that are read of one file: some two hundred years of lines.
const MOST: u64 = 64 * 1024 * 1024;

/// One anchor as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Position in the log.
    pub pos: i64,
    /// Hash of the event there.
    pub hash: String,
    /// When it was written, as it stands there.
    pub at: String,
}

/// What a file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Lines {
    /// Anchors, in order.
    pub all: Vec<Line>,
    /// Lines that say nothing: torn off while a stick was pulled, or changed.
    pub unreadable: usize,
}

/// The file's name for the office of this mark; several offices may share a folder.
pub(super) fn name(mark: &str) -> String {
    format!("redress-anchors-{mark}.txt")
}

/// Opens the file; a link, a device or another program's file is none of ours.
fn opened(folder: &Path, mark: &str, append: Option<bool>) -> Result<File, AnchorState> {
    let path: PathBuf = folder.join(name(mark));
    if !folder.is_dir() {
        return Err(AnchorState::Away);
    }
    match std::fs::symlink_metadata(&path) {
        Ok(kind) if !kind.is_file() => return Err(AnchorState::Foreign),
        Ok(_) => {}
        Err(e) if e.kind() == ErrorKind::NotFound && append == Some(true) => {}
        Err(e) => return Err(AnchorState::of(&e)),
    }
    let mut how = OpenOptions::new();
    how.read(true)
        .append(append.is_some())
        .create(append == Some(true));
    how.open(&path).map_err(|e| AnchorState::of(&e))
}

/// Adds an anchor, unless the newest line says the same already; on the disk when this returns. The file is made only
/// where a folder is named: one that is gone later stays gone, and the check says so.
pub(super) fn append(
    folder: &Path,
    mark: &str,
    (anchor, at): (&str, &str),
    make: bool,
) -> Result<(), AnchorState> {
    let mut file = opened(folder, mark, Some(make))?;
    let written = |e: io::Error| AnchorState::of(&e);
    let length = file.metadata().map_err(written)?.len();
    let mut text = String::new();
    if length == 0 {
        text = format!("{FIRST}{mark}\n{NOTE}\n");
    } else {
        if !ours(&mut file, mark).map_err(written)? {
            return Err(AnchorState::Foreign);
        }
        let end = end(&mut file, length).map_err(written)?;
        let newest = end.lines().next_back().unwrap_or_default();
        if end.ends_with('\n') && newest.split('\t').next() == Some(anchor) {
            return Ok(());
        }
        // A line that was torn off stays a line of its own.
        if !end.ends_with('\n') {
            text.push('\n');
        }
    }
    text.push_str(&format!("{anchor}\t{at}\n"));
    // One write: two hosts that append at the same moment do not mix their lines.
    file.write_all(text.as_bytes()).map_err(written)?;
    file.sync_all().map_err(written)
}

/// Reads a file of this office's.
pub(super) fn read(folder: &Path, mark: &str) -> Result<Lines, AnchorState> {
    let mut file = opened(folder, mark, None)?;
    let failed = |e: io::Error| AnchorState::of(&e);
    if !ours(&mut file, mark).map_err(failed)? {
        return Err(AnchorState::Foreign);
    }
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(MOST).read_to_end(&mut bytes).map_err(failed)?;
    Ok(parse(&String::from_utf8_lossy(&bytes)))
}

/// The anchors of a text.
fn parse(text: &str) -> Lines {
    let mut lines = Lines::default();
    for line in text.lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (anchor, at) = line.split_once('\t').unwrap_or((line, ""));
        match super::parse(anchor) {
            Some((pos, hash)) => lines.all.push(Line {
                pos,
                hash,
                at: at.trim().to_owned(),
            }),
            None => lines.unreadable += 1,
        }
    }
    lines
}

/// Whether the file begins with our first line.
fn ours(file: &mut File, mark: &str) -> io::Result<bool> {
    let first = format!("{FIRST}{mark}\n");
    let mut begins = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    Read::by_ref(file)
        .take(first.len() as u64)
        .read_to_end(&mut begins)?;
    Ok(begins == first.as_bytes())
}

fn end(file: &mut File, length: u64) -> io::Result<String> {
    file.seek(SeekFrom::Start(length.saturating_sub(END)))?;
    let mut bytes = Vec::new();
    Read::by_ref(file).take(END).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: &str = "0123456789ab";

    fn anchor(pos: i64) -> String {
        format!("{pos}:{}", "a".repeat(64))
    }

    fn all(folder: &Path) -> Vec<i64> {
        let lines = read(folder, MARK).unwrap_or_default();
        lines.all.iter().map(|l| l.pos).collect()
    }

    #[test]
    fn the_same_anchor_stands_once_and_later_ones_follow() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        for pos in [3, 3, 7, 7, 9] {
            assert_eq!(
                append(folder.path(), MARK, (&anchor(pos), "t"), true),
                Ok(())
            );
        }
        assert_eq!(all(folder.path()), [3, 7, 9]);
        Ok(())
    }

    #[test]
    fn a_torn_line_costs_itself_only() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        for pos in [3, 7] {
            assert_eq!(
                append(folder.path(), MARK, (&anchor(pos), "t"), true),
                Ok(())
            );
        }
        let path = folder.path().join(name(MARK));
        let mut bytes = std::fs::read(&path)?;
        bytes.truncate(bytes.len() - 40);
        std::fs::write(&path, bytes)?;
        assert_eq!(
            append(folder.path(), MARK, (&anchor(9), "t"), false),
            Ok(())
        );
        let lines = read(folder.path(), MARK).map_err(|s| io::Error::other(format!("{s:?}")))?;
        assert_eq!((lines.all.len(), lines.unreadable), (2, 1));
        assert_eq!(all(folder.path()), [3, 9]);
        Ok(())
    }

    #[test]
    fn what_is_not_ours_is_not_written_to() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join(name(MARK));
        std::fs::write(&path, "another's words\n")?;
        assert_eq!(
            append(folder.path(), MARK, (&anchor(1), "t"), true),
            Err(AnchorState::Foreign)
        );
        assert_eq!(std::fs::read_to_string(&path)?, "another's words\n");
        std::fs::remove_file(&path)?;
        std::fs::create_dir(&path)?;
        assert_eq!(
            append(folder.path(), MARK, (&anchor(1), "t"), true),
            Err(AnchorState::Foreign)
        );
        let gone = folder.path().join("stick");
        assert_eq!(
            append(&gone, MARK, (&anchor(1), "t"), true),
            Err(AnchorState::Away)
        );
        assert_eq!(read(&gone, MARK), Err(AnchorState::Away));
        Ok(())
    }

    #[test]
    fn one_that_is_gone_is_not_made_anew_by_itself() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        assert_eq!(
            append(folder.path(), MARK, (&anchor(1), "t"), false),
            Err(AnchorState::Missing)
        );
        assert_eq!(read(folder.path(), MARK), Err(AnchorState::Missing));
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let other = folder.path().join("other");
        std::fs::write(&other, "")?;
        std::os::unix::fs::symlink(&other, folder.path().join(name(MARK)))?;
        assert_eq!(
            append(folder.path(), MARK, (&anchor(1), "t"), true),
            Err(AnchorState::Foreign)
        );
        assert_eq!(std::fs::read(&other)?, b"");
        Ok(())
    }
}
