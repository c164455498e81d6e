//! Files that somebody named: what cannot be read or written is refused by its name, and nothing that somebody keeps is
//! written over.

use crate::stop::Stop;
use redress_desk::{ApiError, private};
use std::{
    collections::BTreeMap,
    io::{Error, ErrorKind},
    path::{Path, PathBuf},
};

/// Why a file could not be used, with its name.
pub(crate) fn of(path: &Path) -> impl Fn(Error) -> Stop {
    move |e| ApiError::of_file(path, &e).into()
}

/// A text that somebody keeps.
pub(crate) fn text(path: &Path) -> Result<String, Stop> {
    std::fs::read_to_string(path).map_err(of(path))
}

/// What comes in on standard input.
pub(crate) fn piped() -> Result<String, Stop> {
    std::io::read_to_string(std::io::stdin()).map_err(of(Path::new("-")))
}

/// Refuses a name under which a file lies already. Asked before anything is done.
pub(crate) fn unused(path: &Path) -> Result<(), Stop> {
    match path.symlink_metadata() {
        Ok(_) => Err(of(path)(ErrorKind::AlreadyExists.into())),
        Err(_) => Ok(()),
    }
}

/// Refuses a folder for papers in which papers lie: those of another office would be written over.
pub(crate) fn unused_papers(out: Option<&Path>) -> Result<(), Stop> {
    let Some((out, Ok(all))) = out.map(|out| (out, std::fs::read_dir(out))) else {
        return Ok(());
    };
    for entry in all {
        let path = entry.map_err(of(out))?.path();
        if path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("pdf"))
        {
            return Err(of(&path)(ErrorKind::AlreadyExists.into()));
        }
    }
    Ok(())
}

/// Writes papers into a folder, where one is given.
pub(crate) fn write_papers(
    out: Option<&Path>,
    papers: &BTreeMap<String, Vec<u8>>,
) -> Result<Vec<PathBuf>, Stop> {
    let Some(out) = out else { return Ok(vec![]) };
    private::new_folder(out).map_err(of(out))?;
    let mut written = Vec::new();
    for (number, pdf) in papers {
        let path = out.join(format!("{number}.pdf"));
        private::write_new(&path, pdf).map_err(of(&path))?;
        written.push(path);
    }
    Ok(written)
}
