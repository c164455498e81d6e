//! Files that a command writes: nothing that somebody keeps is written over.

use crate::stop::Stop;
use redress_desk::{ApiError, private};
use std::{
    collections::BTreeMap,
    io::ErrorKind,
    path::{Path, PathBuf},
};

fn exists(path: &Path) -> Stop {
    ApiError::new("file_exists")
        .with("file", path.to_string_lossy())
        .into()
}

/// Refuses a name under which a file lies already. Asked before anything is done.
pub(crate) fn unused(path: &Path) -> Result<(), Stop> {
    match path.symlink_metadata() {
        Ok(_) => Err(exists(path)),
        Err(_) => Ok(()),
    }
}

/// The same where the file came while the work was done.
pub(crate) fn taken(path: &Path, e: std::io::Error) -> Stop {
    match e.kind() {
        ErrorKind::AlreadyExists => exists(path),
        _ => e.into(),
    }
}

/// Refuses a folder for papers in which papers lie: those of another office would be written over.
pub(crate) fn unused_papers(out: Option<&Path>) -> Result<(), Stop> {
    let Some(Ok(all)) = out.map(std::fs::read_dir) else {
        return Ok(());
    };
    for entry in all {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("pdf"))
        {
            return Err(exists(&path));
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
    private::new_folder(out)?;
    let mut written = Vec::new();
    for (number, pdf) in papers {
        let path = out.join(format!("{number}.pdf"));
        private::write_new(&path, pdf).map_err(|e| taken(&path, e))?;
        written.push(path);
    }
    Ok(written)
}
